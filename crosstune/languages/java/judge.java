import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Runs the tests' main method inside the sandbox and reports the result; see __init__.py. */
public final class CrosstuneJudge {
    private static final Object LOCK = new Object();
    // No text in static fields: candidates look for the nonce there.
    private static Tests tests;
    private static String[] classes;
    private static int firstLine, lastLine;
    /** What the tests have ended with: null, or the failure. */
    private static String failure;
    private static boolean ended;

    public static void main(String[] words) throws Throwable {
        // Until it is reported, the nonce is in memory only in masked form.
        byte[] masked = new byte[64];
        byte[] mask = new byte[64];
        int length = 0;
        try (FileInputStream payload = new FileInputStream("/dev/fd/3")) {
            long state = System.nanoTime() ^ (long) System.identityHashCode(mask) << 32;
            for (int next = payload.read(); next >= 0; next = payload.read()) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                mask[length] = (byte) (state >>> 56);
                masked[length] = (byte) (next ^ mask[length]);
                length++;
            }
        }
        try {
            adopt();
            // Deep recursion needs a larger stack than that of the first thread.
            new Thread(null, tests, "main", Long.parseLong(words[0])).start();
            synchronized (LOCK) {
                while (!ended) LOCK.wait();
            }
        } catch (Throwable error) {
            error.printStackTrace();
            failure = statusOf(error);
        }
        System.out.flush();
        System.err.flush();
        try (FileOutputStream out = new FileOutputStream("/dev/fd/4")) {
            if (failure == null) {
                byte[] report = new byte[7 + length];
                "passed ".getBytes(0, 7, report, 0);
                for (int at = 0; at < length; at++) report[7 + at] = (byte) (masked[at] ^ mask[at]);
                out.write(report);
            } else {
                out.write("failed ".concat(failure).getBytes());
            }
        }
        Runtime.getRuntime().halt(failure == null ? 0 : 1);
    }

    /** Loads the tests' classes and removes their files: the candidate could read expected values there. */
    private static void adopt() throws IOException, ClassNotFoundException {
        String name = "crosstune.tests";
        String[] lines;
        try (FileInputStream file = new FileInputStream(name)) {
            lines = new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).split("\n");
        }
        new File(name).delete();
        tests = new Tests(lines[0]);
        firstLine = Integer.parseInt(lines[1]);
        lastLine = Integer.parseInt(lines[2]);
        classes = new String[lines.length - 3];
        for (int at = 0; at < classes.length; at++) {
            classes[at] = lines[at + 3].replace('/', '.');
            Class.forName(classes[at], false, CrosstuneJudge.class.getClassLoader());
        }
        for (int at = 0; at < classes.length; at++) new File(lines[at + 3].concat(".class")).delete();
    }

    private static void end(String how) {
        synchronized (LOCK) {
            if (!ended) failure = how;
            ended = true;
            LOCK.notify();
        }
    }

    private static final class Tests implements Runnable {
        private final String main;

        Tests(String main) {
            this.main = main;
        }

        @Override public void run() {
            String how = null;
            try {
                how = call();
            } catch (OutOfMemoryError error) {
                how = "memory_limit";
            } catch (Throwable error) {
                error.printStackTrace();
                how = statusOf(error);
            }
            end(how);
        }

        private String call() throws Throwable {
            Method method = null;
            try {
                if (!main.isEmpty()) method = Class.forName(main, false, CrosstuneJudge.class.getClassLoader()).getDeclaredMethod("main", String[].class);
            } catch (NoSuchMethodException none) {
                method = null;
            }
            if (method == null || !Modifier.isStatic(method.getModifiers()) || Modifier.isPrivate(method.getModifiers())) {
                System.err.println("the tests have no class with a method `public static void main(String[])`");
                return "compile_error";
            }
            method.setAccessible(true);
            try {
                method.invoke(null, (Object) new String[0]);
            } catch (InvocationTargetException error) {
                throw error.getTargetException();
            }
            return null;
        }
    }

    private static String statusOf(Throwable error) {
        if (error instanceof AssertionError) return "wrong_answer";
        Throwable cause = error;
        for (int deep = 0; cause != null && deep < 10; deep++, cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) return "memory_limit";
            if (cause instanceof IOException && isFull(cause.getMessage())) return "disk_limit";
        }
        return "runtime_error";
    }

    private static boolean isFull(String message) {
        return message != null
            && (message.endsWith("File too large") || message.endsWith("No space left on device"));
    }

    /** Replaces `one.equals(other)` in the tests: neither side decides alone, because one may be the candidate's. The
     * platform's decides first, before the candidate's could become what it is compared with. */
    public static boolean equal(Object one, Object other) {
        if (Objects.requireNonNull(one) == other || other == null) return one == other;
        boolean turned = isForeign(one, 8) && !isForeign(other, 8);
        Object first = turned ? other : one, second = turned ? one : other;
        return first.equals(second) && second.equals(first);
    }

    /** Whether an object is, or holds, one of the program's own classes. */
    static boolean isForeign(Object one, int depth) {
        if (one == null || depth == 0) return false;
        if (!one.getClass().isArray() && !isLibrary(one.getClass())) return true;
        if (one instanceof Optional) return isForeign(((Optional<?>) one).orElse(null), depth - 1);
        Collection<?> held = List.of();
        if (one instanceof Collection) held = (Collection<?>) one;
        else if (one instanceof Object[]) held = Arrays.asList((Object[]) one);
        else if (one instanceof Map) return isForeign(((Map<?, ?>) one).keySet(), depth - 1) || isForeign(((Map<?, ?>) one).values(), depth - 1);
        for (Object each : held) if (isForeign(each, depth - 1)) return true;
        return false;
    }

    /** Whether a class is the platform's, or of a library that programs get. */
    private static boolean isLibrary(Class<?> type) {
        if (type.getModule().isNamed()) return true;
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return type.getClassLoader() == CrosstuneJudge.class.getClassLoader() && source != null && source.getLocation().getPath().endsWith(".jar");
    }

    /** Replaces `Objects.equals`, and `==` of Kotlin, in the tests. */
    public static boolean same(Object one, Object other) {
        return one == other || one != null && equal(one, other);
    }

    /** Replaces `Objects.deepEquals` and `Arrays.deepEquals` in the tests. */
    public static boolean deep(Object one, Object other) {
        if (!(one instanceof Object[] && other instanceof Object[])) {
            return one != null && one.getClass().isArray() ? Objects.deepEquals(one, other) : same(one, other);
        }
        Object[] some = (Object[]) one, others = (Object[]) other;
        boolean equal = some.length == others.length;
        for (int at = 0; equal && at < some.length; at++) equal = deep(some[at], others[at]);
        return equal;
    }

    /** Replaces `Arrays.equals` in the tests. */
    public static boolean items(Object[] some, Object[] others) {
        if (some == null || others == null) return some == others;
        boolean equal = some.length == others.length;
        for (int at = 0; equal && at < some.length; at++) equal = same(some[at], others[at]);
        return equal;
    }

    /** Replaces `contains` of collections, and of arrays in Kotlin, in the tests. */
    public static boolean contains(Object held, Object item) {
        if (held instanceof Collection && !isForeign(held, 1) && !isForeign(item, 8)) return ((Collection<?>) held).contains(item);
        for (Object each : held instanceof Object[] ? Arrays.asList((Object[]) held) : (Iterable<?>) held) if (same(each, item)) return true;
        return false;
    }

    /** Replaces `one.compareTo(other)` in the tests: of two, the platform's decides. */
    @SuppressWarnings("unchecked")
    public static int order(Object one, Object other) {
        boolean turned = isForeign(one, 1) && other != null && !isForeign(other, 1) && other instanceof Comparable;
        if (!turned) return ((Comparable<Object>) one).compareTo(other);
        int found = ((Comparable<Object>) other).compareTo(one);
        return found > 0 ? -1 : found < 0 ? 1 : 0;
    }

    /** Replaces `Class.desiredAssertionStatus`, which a class loader may be told, in the tests. */
    public static boolean asserts(Class<?> any) {
        return true;
    }

    /** Replaces `System.exit` in the tests: it ends them, with success if the status is 0. */
    public static void exit(int status) throws InterruptedException {
        if (!onlyTests(new Throwable().getStackTrace())) Runtime.getRuntime().halt(status);
        end(status == 0 ? null : "wrong_answer");
        while (true) Thread.sleep(1000);
    }

    /** Replaces `Runtime.exit` and `Runtime.halt` in the tests. */
    public static void exit(Runtime runtime, int status) throws InterruptedException {
        exit(status);
    }

    private static boolean isOwn(String name) {
        return name.equals("CrosstuneJudge") || name.equals("CrosstuneJudge$Tests");
    }

    /** Whether no code of the candidate's is active in this thread. */
    private static boolean onlyTests(StackTraceElement[] trace) {
        for (StackTraceElement each : trace) {
            if (each.getModuleName() != null || isOwn(each.getClassName())) continue;
            boolean ours = false;
            for (String name : classes) ours |= each.getClassName().equals(name);
            int line = each.getLineNumber();
            // A class may begin in the candidate and continue in the tests.
            if (!ours || line < firstLine && line >= 0 || line > lastLine) return false;
        }
        return true;
    }
}

/** Runs a checker's main class: the usual status after an exception, 1, would be a decision. */
final class CrosstuneChecker {
    public static void main(String[] words) throws Throwable {
        try {
            Method method = Class.forName(words[0]).getDeclaredMethod("main", String[].class);
            method.setAccessible(true);
            String[] rest = new String[words.length - 1];
            System.arraycopy(words, 1, rest, 0, rest.length);
            method.invoke(null, (Object) rest);
        } catch (InvocationTargetException error) {
            error.getTargetException().printStackTrace();
            System.exit(3);
        } catch (Throwable error) {
            error.printStackTrace();
            System.exit(3);
        }
    }
}
