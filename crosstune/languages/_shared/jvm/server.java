import java.io.*;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.*;

/**
 * The candidate's process: calls the candidate's functions, through the class `CrosstuneCalls` that is compiled with it, as it
 * is asked; see docs/values.md. Nothing here needs protection from the candidate: all that it can change is what it answers.
 * The words of `main` are the bytes of its stack and the name of that class.
 */
final class CrosstuneServer {
    private static final int MOST_BYTES = 16 << 20;
    private static Method calls;

    public static void main(String[] words) throws Exception {
        // Deep recursion needs a larger stack than that of the first thread.
        new Thread(null, () -> run(words[1]), "main", Long.parseLong(words[0])).start();
    }

    private static void run(String name) {
        String failure = "";
        try {
            calls = Class.forName(name).getMethod("call", String.class, Object[].class);
            talk();
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

    private static void talk() throws Throwable {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream("/dev/fd/5"), 1 << 16));
        FileOutputStream out = new FileOutputStream("/dev/fd/6");
        send(out, new byte[] {'H', 1});
        for (byte[] head = in.readNBytes(4); head.length == 4; head = in.readNBytes(4)) {
            int size = new DataInputStream(new ByteArrayInputStream(head)).readInt();
            byte[] answer = answer(in.readNBytes(size));
            System.out.flush();
            send(out, answer);
        }
    }

    private static void send(FileOutputStream out, byte[] frame) throws IOException {
        byte[] sized = new byte[4 + Math.min(frame.length, MOST_BYTES + 1)];
        for (int at = 0; at < 4; at++) sized[at] = (byte) (frame.length >> 24 - 8 * at);
        System.arraycopy(frame, 0, sized, 4, sized.length - 4);
        // The judge reads no more of a longer one.
        out.write(sized, 0, frame.length > MOST_BYTES ? 4 : sized.length);
        if (frame.length > MOST_BYTES) Runtime.getRuntime().halt(1);
    }

    private static byte[] answer(byte[] question) throws Throwable {
        CrosstuneReader reader = new CrosstuneReader(question);
        if (reader.tag() != 'C') throw new IOException("only functions are called");
        String name = reader.text();
        reader.tag();
        Object[] arguments = reader.items();
        byte[][] before = written(arguments);
        CrosstuneWriter made = new CrosstuneWriter();
        made.add(outcome(name, arguments));
        byte[][] after = written(arguments);
        List<Integer> changed = new ArrayList<>();
        for (int at = 0; at < after.length; at++) if (!Arrays.equals(before[at], after[at])) changed.add(at);
        made.count(changed.size());
        for (int at : changed) {
            made.count(at);
            made.add(after[at]);
        }
        made.text("");
        made.text("");
        return made.bytes();
    }

    private static byte[] outcome(String name, Object[] arguments) throws Throwable {
        CrosstuneWriter made = new CrosstuneWriter();
        try {
            Object result = calls.invoke(null, name, arguments);
            made.tag('R');
            made.add(written(result));
            return made.bytes();
        } catch (Throwable error) {
            Throwable cause = error instanceof InvocationTargetException ? error.getCause() : error;
            if (cause instanceof ExceptionInInitializerError && cause.getCause() != null) cause = cause.getCause();
            if (cause instanceof OutOfMemoryError) throw cause;
            made = new CrosstuneWriter();
            made.tag('E');
            made.text(kind(cause));
            made.text(shown(cause, false));
            made.text(shown(cause, true));
            return made.bytes();
        }
    }

    /** The nearest standard class of an error. */
    private static String kind(Throwable error) {
        Class<?> type = error.getClass();
        while (type.getClassLoader() != null && !type.getName().matches("(kotlin|scala)[.].*")) type = type.getSuperclass();
        return type.getSimpleName();
    }

    private static String shown(Throwable error, boolean trace) {
        try {
            if (!trace) return String.valueOf(error.getMessage());
            StringWriter text = new StringWriter();
            error.printStackTrace(new PrintWriter(text, true));
            return text.toString();
        } catch (Throwable another) {
            return "";
        }
    }

    private static byte[][] written(Object[] values) {
        byte[][] all = new byte[values.length][];
        for (int at = 0; at < values.length; at++) all[at] = written(values[at]);
        return all;
    }

    private static byte[] written(Object value) {
        CrosstuneWriter made = new CrosstuneWriter();
        try {
            made.value(value, 1);
        } catch (CrosstuneWriter.Unsendable error) {
            if (made.size() > MOST_BYTES) return made.bytes();
            made = new CrosstuneWriter();
            made.other(value);
        }
        return made.bytes();
    }
}
