package crosstune;

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.stream.BaseStream;

/**
 * The candidate's side: calls what the tests ask for, in a process that has nothing of the tests. The words of `main` are
 * `lazy`, if iterators are to be read only when their items are needed, and the bytes of its stack. A class that is made for
 * the candidate has the calls; its name is in `crosstune.calls`.
 */
public final class Server implements Runnable {
    private static final int MOST_TRACE = 2000, MOST_ITEM_BYTES = 1 << 16;

    private final List<Object> objects = new ArrayList<>();
    private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Set<String> declared = new HashSet<>(), staying = new HashSet<>();
    private final IdentityHashMap<Object, Throwable> failed = new IdentityHashMap<>();
    private final Calls calls;
    private final String prefix;
    private final boolean lazy;

    private Server(Calls calls, String prefix, boolean lazy) {
        this.calls = calls;
        this.prefix = prefix;
        this.lazy = lazy;
    }

    public static void main(String[] words) throws Throwable {
        String name;
        try (FileInputStream file = new FileInputStream("crosstune.calls")) {
            name = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        Calls calls = (Calls) Class.forName(name, true, ClassLoader.getSystemClassLoader()).getDeclaredConstructor().newInstance();
        Server server = new Server(calls, name.substring(0, name.lastIndexOf('.') + 1), words[0].equals("lazy"));
        // Deep recursion needs a larger stack than that of the first thread.
        new Thread(null, server, "main", Long.parseLong(words[words.length - 1])).start();
    }

    @SuppressWarnings("unchecked")
    @Override public void run() {
        Collection<?>[] all = {names, declared, staying};
        String[] parts = calls.names().split("\\|", -1);
        for (int at = 0; at < all.length; at++) {
            if (!parts[at].isEmpty()) ((Collection<String>) all[at]).addAll(Arrays.asList(parts[at].split("\n")));
        }
        String failure = "";
        try {
            serve();
        } catch (OutOfMemoryError error) {
            failure = "memory_limit";
            error.printStackTrace();
        } catch (Throwable error) {
            failure = "runtime_error";
            error.printStackTrace();
        }
        System.out.flush();
        System.err.flush();
        if (!failure.isEmpty()) report(failure);
        Runtime.getRuntime().halt(failure.isEmpty() ? 0 : 1);
    }

    private static void report(String failure) {
        try (FileOutputStream out = new FileOutputStream("/dev/fd/4")) {
            out.write("failed ".concat(failure).getBytes(StandardCharsets.UTF_8));
        } catch (IOException error) {
            error.printStackTrace();
        }
    }

    private void serve() throws IOException {
        FileInputStream in = new FileInputStream("/dev/fd/5");
        FileOutputStream out = new FileOutputStream("/dev/fd/6");
        out.write(new byte[] {0, 0, 0, 2, 'H', 1});
        byte[] head = new byte[4];
        while (fill(in, head)) {
            byte[] question = new byte[(head[0] & 0xff) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | head[3] & 0xff];
            if (!fill(in, question)) return;
            try {
                Writer answer = answer(new Reader(question));
                if (answer == null) continue;
                answer.put(0, answer.size - 4);
                out.write(answer.bytes, 0, answer.size);
            } catch (Encoder.TooLong error) {
                out.write(new byte[] {-1, -1, -1, -1});
            }
        }
    }

    /** Whether so many bytes came before the end. */
    private static boolean fill(FileInputStream in, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int got = in.read(bytes, at, bytes.length - at);
            if (got < 0) return false;
            at += got;
        }
        return true;
    }

    /** The name within the candidate's package; empty if the class is elsewhere. */
    private String local(Class<?> type) {
        return type.getName().startsWith(prefix) ? type.getName().substring(prefix.length()) : "";
    }

    /** The next items of an iterator, which are read when they are written. */
    private static final class Items {
        final Iterator<?> from;
        final int most;

        Items(Iterator<?> from, int most) {
            this.from = from;
            this.most = most;
        }
    }

    private final class Writer extends Encoder {
        @Override String declared(Class<?> type) {
            String name = local(type);
            return declared.contains(name) ? name : null;
        }

        @Override boolean stays(Object value) {
            if (value.getClass().getClassLoader() == null) return false;
            String name = local(value.getClass());
            if (!staying.contains(name)) return false;
            if (staying.size() > 1) kind("of ".concat(name));
            stay(value);
            return true;
        }

        @Override boolean later(String kind, Object source) {
            if (!lazy) return false;
            kind(kind);
            stay(source instanceof BaseStream ? ((BaseStream<?, ?>) source).iterator() : source);
            return true;
        }

        @Override void own(Object value, int depth) {
            if (value instanceof Items) {
                items((Items) value);
            } else if (!record(value, depth)) {
                tag('o');
                text(value.getClass().getName());
            }
        }

        /** A list: whether there are no more, and the items. An error after them is that of the next question. */
        private void items(Items some) {
            tag('l');
            int begin = size, count = 0;
            number(0);
            tag('F');
            Iterator<?> from = some.from;
            int whole = size;
            try {
                for (; count < some.most && size < MOST_ITEM_BYTES; count++, whole = size) {
                    if (!from.hasNext()) {
                        bytes[begin + 4] = 'T';
                        break;
                    }
                    result(this, from.next());
                }
            } catch (StackOverflowError | OutOfMemoryError | Encoder.TooLong end) {
                throw end;
            } catch (Throwable error) {
                size = whole;
                failed.put(from, error);
            }
            put(begin, count + 1);
        }

        void stay(Object value) {
            Integer number = numbers.get(value);
            if (number == null) {
                number = objects.size();
                objects.add(value);
                numbers.put(value, number);
            }
            tag('h');
            number(number);
        }
    }

    private final class Reader extends Decoder {
        Reader(byte[] data) {
            super(data);
        }

        @Override Object handle(int number) {
            return objects.get(number);
        }

        @Override Object later(String kind, int number) {
            Object kept = objects.get(number);
            return kind.equals("iterable") ? kept : shaped(kind, (Iterator<?>) kept);
        }

        @Override Class<?> declared(String name) {
            if (!declared.contains(name)) return null;
            try {
                return Class.forName(prefix.concat(name), true, calls.getClass().getClassLoader());
            } catch (ClassNotFoundException none) {
                return null;
            }
        }
    }

    private Writer answer(Reader question) {
        char kind = question.tag();
        if (kind == 'D') {
            numbers.remove(objects.set(question.number(), null));
            return null;
        }
        Object target = kind == 'M' ? objects.get(question.number()) : null;
        String name = question.text();
        Object[] arguments = ((List<?>) question.value(0)).toArray();
        byte[][] before = new byte[arguments.length][];
        Object[] given = arguments.clone();
        for (int at = 0; at < given.length; at++) if (Records.canChange(given[at])) before[at] = encoded(given[at]);
        Writer answer = framed();
        try {
            int which = names.indexOf(name);
            Object result = which < 0 && target != null ? ofObject(name, target, arguments) : calls.call(which, target, arguments);
            answer.tag('R');
            if (kind == 'N') answer.stay(result);
            else result(answer, result);
        } catch (StackOverflowError | OutOfMemoryError | Encoder.TooLong end) {
            throw end;
        } catch (Throwable error) {
            answer = framed();
            raised(answer, error);
        }
        changed(answer, given, before);
        answer.text("");
        answer.text("");
        return answer;
    }

    /** Calls a method that every object has, or that of an iterator. */
    private Object ofObject(String name, Object target, Object[] arguments) throws Throwable {
        Throwable error = failed.remove(target);
        if (error != null) throw error;
        switch (name) {
            case "items": return new Items((Iterator<?>) target, (Integer) arguments[0]);
            case "next": return ((Iterator<?>) target).next();
            case "iterator": return ((Iterable<?>) target).iterator();
            case "toString": return target.toString();
            case "hashCode": return target.hashCode();
            case "equals": return target.equals(arguments[0]);
            default: throw new NoSuchMethodError(name);
        }
    }

    /** Begins with room for its length. */
    private Writer framed() {
        Writer answer = new Writer();
        answer.number(0);
        return answer;
    }

    private byte[] encoded(Object value) {
        Writer alone = new Writer();
        try {
            alone.value(value, 0);
        } catch (Encoder.TooDeep | Encoder.TooLong error) {
            return null;
        }
        return alone.taken();
    }

    private void result(Writer answer, Object result) {
        int begin = answer.size;
        try {
            answer.value(result, 0);
        } catch (Encoder.TooDeep error) {
            answer.size = begin;
            answer.tag('o');
            answer.text(result.getClass().getName());
        }
    }

    private void changed(Writer answer, Object[] given, byte[][] before) {
        int at = answer.size, count = 0;
        answer.number(0);
        for (int each = 0; each < given.length; each++) {
            if (before[each] == null) continue;
            byte[] after = encoded(given[each]);
            if (after == null || Arrays.equals(after, before[each])) continue;
            answer.number(each);
            answer.value(given[each], 0);
            count++;
        }
        answer.put(at, count);
    }

    /** An error of the candidate's own class travels as that of the platform which it extends. */
    private void raised(Writer answer, Throwable error) {
        Class<?> type = error.getClass();
        while (answer.declared(type) == null && !type.getName().startsWith("java.")) type = type.getSuperclass();
        String declared = answer.declared(type);
        answer.tag('E');
        answer.text(declared == null ? type.getName() : declared);
        answer.text(error.getMessage() == null ? "" : error.getMessage());
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        String text = trace.toString();
        answer.text(text.length() > MOST_TRACE ? text.substring(0, MOST_TRACE) : text);
    }
}
