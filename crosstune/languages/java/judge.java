import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;

/** Runs the tests' Main.main inside the sandbox and reports the result; see __init__.py. */
final class CrosstuneJudge {
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
        String failure;
        try {
            CrosstuneClasses.adopt();
            Main.main(words);
            failure = null;
        } catch (OutOfMemoryError error) {
            failure = "memory_limit";
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

    private static String statusOf(Throwable error) {
        if (error instanceof AssertionError) return "wrong_answer";
        if (notLinked(error)) return "compile_error";
        Throwable cause = error;
        for (int deep = 0; cause != null && deep < 10; deep++, cause = cause.getCause()) {
            if (cause instanceof IOException && isFull(cause.getMessage())) return "disk_limit";
        }
        return "runtime_error";
    }

    private static boolean isFull(String message) {
        return message != null
            && (message.endsWith("File too large") || message.endsWith("No space left on device"));
    }

    /** Whether the class Main lacks a `static void main(String[])` that this class may call. */
    private static boolean notLinked(Throwable error) {
        if (!(error instanceof NoClassDefFoundError || error instanceof IncompatibleClassChangeError)) return false;
        StackTraceElement[] trace = error.getStackTrace();
        return trace.length == 1 && trace[0].getClassName().equals("CrosstuneJudge");
    }

    /** Replaces `one.equals(other)` in the tests: neither side decides alone, because one may be the candidate's. */
    static boolean equal(Object one, Object other) {
        return one.equals(other) && other != null && other.equals(one);
    }

    /** Replaces `Objects.equals` in the tests. */
    static boolean same(Object one, Object other) {
        return one == other || one != null && equal(one, other);
    }

    /** Defines a class of the tests from its bytes, before anything else of the program is loaded. */
    static void define(byte[] bytes) throws IllegalAccessException {
        MethodHandles.lookup().defineClass(bytes);
    }
}
