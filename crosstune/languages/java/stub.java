package crosstune;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.util.Iterator;

/** The tests' side: asks the candidate's process for what the tests call. See docs/values.md. */
public final class Stub {
    /** What the tests' process knows of one program. */
    static volatile Tests tests;

    private static final int LARGE = 10000;

    private Stub() {}

    private static final class Writer extends Encoder {
        @Override String declared(Class<?> type) {
            return tests.nameOf(type);
        }

        @Override boolean stays(Object value) {
            if (!(value instanceof Remote)) return false;
            tag('h');
            number(((Remote) value).handle);
            return true;
        }

        /** What the candidate's process has need not be read. */
        @Override boolean later(String kind, Object source) {
            Integer handle = tests.streams.get(source);
            if (source instanceof RemoteIterable) handle = ((RemoteIterable) source).handle;
            if (source instanceof RemoteIterator) handle = ((RemoteIterator) source).unread();
            if (handle == null) return false;
            kind(kind);
            tag('h');
            number(handle);
            return true;
        }

        @Override int mostItems() {
            return Integer.MAX_VALUE;
        }

        @Override void own(Object value, int depth) {
            if (value instanceof Decoder.Opaque) {
                tag('o');
                text(((Decoder.Opaque) value).type);
            } else if (value.getClass() == Object.class) {
                tag('o');
                text("java.lang.Object");
            } else if (!record(value, depth)) {
                throw tests.end("unsupported", "the tests pass an object of " + value.getClass() + ", which is no value");
            }
        }
    }

    private static final class Reader extends Decoder {
        /** What is made: the first object that is read is it. */
        private Remote made;
        /** Whether what is read has objects of the candidate's by its declaration. */
        private boolean objects;

        Reader(byte[] data, Remote made) {
            super(data);
            this.made = made;
            objects = made != null;
        }

        private Remote seen(Remote object) {
            object.inPlaceOfValue |= !objects;
            return object;
        }

        @Override Object later(String kind, int number) {
            if (kind.equals("iterable")) return tests.later.computeIfAbsent(number, handle -> new RemoteIterable(handle, objects));
            Object made = shaped(kind, (Iterator<?>) tests.later.computeIfAbsent(number, handle -> new RemoteIterator(handle, objects)));
            tests.streams.put(made, number);
            return made;
        }

        @Override Object handle(int number) {
            if (made == null) return seen(tests.remote(number));
            Remote first = made;
            made = null;
            first.handle = number;
            tests.remotes.put(number, first);
            return first;
        }

        @Override Object handle(int number, String type) {
            return made == null ? seen(tests.remote(number, type)) : handle(number);
        }

        @Override Class<?> declared(String name) {
            return tests.declared(name);
        }
    }

    /** ``objects``: what the result and the changed arguments have by their declaration; see Remote. */
    public static Object function(String name, int objects, Object[] arguments) {
        Writer question = new Writer();
        question.tag('C');
        question.text(name);
        return asked(question, arguments, null, objects);
    }

    static Object method(int handle, String name, int objects, Object[] arguments) {
        Writer question = new Writer();
        question.tag('M');
        question.number(handle);
        question.text(name);
        return asked(question, arguments, null, objects);
    }

    static void make(Remote made, String constructor, int objects, Object[] arguments) {
        Writer question = new Writer();
        question.tag('N');
        question.text(constructor);
        if (asked(question, arguments, made, objects) != made) throw malformed("no object");
    }

    private static Error malformed(String why) {
        return tests.end("failed policy", "the candidate's process sent no valid answer: " + why);
    }

    private static Object asked(Writer question, Object[] arguments, Remote made, int objects) {
        synchronized (tests.calls) {
            try {
                question.tag('l');
                question.number(arguments.length);
                for (Object each : arguments) question.value(each, 1);
                question.tag('m');
                question.number(0);
            } catch (Encoder.TooDeep | Encoder.TooLong error) {
                // It may hold what the candidate has returned before.
                String failure = error instanceof Encoder.TooLong ? "failed output_limit" : "failed runtime_error";
                throw tests.end(tests.holdsResults ? failure : "unsupported", "the tests pass a value, but " + error.getMessage());
            }
            return answered(new Reader(tests.ask(question.taken()), made), arguments, objects);
        }
    }

    private static Object answered(Reader answer, Object[] arguments, int objects) {
        Throwable raised = null;
        Object result = null;
        try {
            char kind = answer.tag();
            answer.objects |= (objects & Remote.IN_RESULT) != 0;
            if (kind == 'R') result = answer.value(0);
            else if (kind == 'E') raised = error(answer.text(), answer.text(), answer.text());
            else throw new Decoder.Malformed("the answer " + kind);
            answer.objects = (objects & Remote.IN_ARGUMENTS) != 0;
            for (int left = answer.number(); left > 0; left--) {
                int position = answer.number();
                if (position < 0 || position >= arguments.length) throw new Decoder.Malformed("an argument that was not given");
                Records.update(arguments[position], answer.value(0));
                tests.holdsResults = true;
            }
            tests.holdsResults |= !isSmall(result);
            System.out.print(answer.text());
            System.err.print(answer.text());
            answer.end();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError error) {
            throw malformed(String.valueOf(error.getMessage()));
        }
        if (raised != null) throw Stub.<RuntimeException>thrown(raised);
        return result;
    }

    /** Whether a result neither nests nor has many bytes, nor could something too long be made of it. */
    private static boolean isSmall(Object result) {
        boolean isNumber = result instanceof Number && !(result instanceof BigInteger) && ((Number) result).doubleValue() < LARGE;
        boolean isOne = isNumber || result instanceof Boolean || result instanceof Character;
        return result == null || isOne || result instanceof Remote;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E thrown(Throwable error) throws E {
        throw (E) error;
    }

    private static Throwable error(String kind, String message, String trace) {
        Throwable made = made(kind, message);
        if (made == null) made = new RuntimeException(message.isEmpty() ? null : message);
        // What is printed of it shows that the candidate raised it.
        made.setStackTrace(new StackTraceElement[] {new StackTraceElement("the candidate's process", trace.strip(), null, -1)});
        return made;
    }

    /** Null: there is no such error of the platform's or the benchmark's. */
    private static Throwable made(String kind, String message) {
        try {
            Class<?> type = tests.declared(kind);
            if (type == null && kind.startsWith("java.")) type = Class.forName(kind, false, null);
            if (type == null || !Throwable.class.isAssignableFrom(type)) return null;
            for (Constructor<?> each : type.getDeclaredConstructors()) {
                Class<?>[] takes = each.getParameterTypes();
                boolean fits = takes.length == 1 && (takes[0] == String.class || takes[0] == Object.class && type == AssertionError.class);
                if (!fits || type.getClassLoader() == null && !Modifier.isPublic(each.getModifiers())) continue;
                if (type.getClassLoader() != null) each.setAccessible(true);
                return (Throwable) each.newInstance(message.isEmpty() && takes[0] == String.class ? null : message);
            }
            Constructor<?> plain = type.getDeclaredConstructor();
            if (type.getClassLoader() != null) plain.setAccessible(true);
            return (Throwable) plain.newInstance();
        } catch (ReflectiveOperationException | LinkageError none) {
            return null;
        }
    }

    // Results, as the declaration has them

    public static <T> T of(Class<T> type, Object value) {
        Object found = value;
        if (found != null && !type.isInstance(found)) found = number(type, found);
        if (found == null && value != null) throw unfit(type.getSimpleName(), value);
        return type.cast(found);
    }

    /** For primitive types: null cannot be converted, and the tests get the error that it would cause. */
    public static <T> T primitive(Class<T> type, Object value) {
        if (value == null) throw new NullPointerException("a result that is null instead of a " + type.getSimpleName());
        return of(type, value);
    }

    private static Error unfit(String type, Object value) {
        return malformed("a " + value.getClass().getSimpleName() + " where a " + type + " is declared");
    }

    /** The same number in another class; null if it has no such. */
    private static Object number(Class<?> type, Object value) {
        if (!(value instanceof Number)) return value instanceof Character ? ofCharacter(type, (Character) value) : null;
        Number number = (Number) value;
        boolean whole = value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte;
        if (type == Double.class && (whole || value instanceof Float)) return number.doubleValue();
        if (type == Float.class && (whole || value instanceof Double && (float) number.doubleValue() == number.doubleValue())) return number.floatValue();
        if (!whole && number.doubleValue() != (long) number.doubleValue() || value instanceof BigInteger) return null;
        if (!whole && !(value instanceof Double || value instanceof Float)) return null;
        long exact = number.longValue();
        if (type == Long.class) return exact;
        if (type == Integer.class && exact == (int) exact) return (int) exact;
        if (type == Short.class && exact == (short) exact) return (short) exact;
        if (type == Byte.class && exact == (byte) exact) return (byte) exact;
        if (type == Character.class && exact == (char) exact) return (char) exact;
        return null;
    }

    private static Object ofCharacter(Class<?> type, char value) {
        if (type == Integer.class) return (int) value;
        return type == Long.class ? (Object) (long) value : null;
    }
}
