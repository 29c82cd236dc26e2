import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;

/** Runs the tests' Main.main inside the sandbox and reports; see java.py. */
final class CrosstuneJudge {
    public static void main(String[] words) throws Throwable {
        // The secret stands in memory only together with a mask, until it is reported.
        byte[] masked = new byte[64];
        byte[] mask = new byte[64];
        int length = 0;
        try (FileInputStream brief = new FileInputStream("/dev/fd/3")) {
            long state = System.nanoTime() ^ (long) System.identityHashCode(mask) << 32;
            for (int got = brief.read(); got >= 0; got = brief.read()) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                mask[length] = (byte) (state >>> 56);
                masked[length] = (byte) (got ^ mask[length]);
                length++;
            }
        }
        String failure;
        try {
            CrosstuneClasses.adopt();
            Main.main(words);
            failure = null;
        } catch (OutOfMemoryError fault) {
            failure = "memory_limit";
        } catch (Throwable fault) {
            fault.printStackTrace();
            failure = labelOf(fault);
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

    private static String labelOf(Throwable fault) {
        if (fault instanceof AssertionError) return "wrong_answer";
        if (notLinked(fault)) return "compile_error";
        Throwable cause = fault;
        for (int deep = 0; cause != null && deep < 10; deep++, cause = cause.getCause()) {
            if (cause instanceof IOException && isFull(cause.getMessage())) return "disk_limit";
        }
        return "runtime_error";
    }

    private static boolean isFull(String message) {
        return message != null
            && (message.endsWith("File too large") || message.endsWith("No space left on device"));
    }

    /** Whether there is no `static void main(String[])` of a class Main that this class may call. */
    private static boolean notLinked(Throwable fault) {
        if (!(fault instanceof NoClassDefFoundError || fault instanceof IncompatibleClassChangeError)) return false;
        StackTraceElement[] trace = fault.getStackTrace();
        return trace.length == 1 && trace[0].getClassName().equals("CrosstuneJudge");
    }

    /** Stands in the tests for `one.equals(other)`: no side alone decides, as one of them is the candidate's. */
    static boolean equal(Object one, Object other) {
        return one.equals(other) && other != null && other.equals(one);
    }

    /** Stands in the tests for `Objects.equals`. */
    static boolean same(Object one, Object other) {
        return one == other || one != null && equal(one, other);
    }

    /** Makes the tests' class `name` out of its bytes, before anything else of the program's is loaded. */
    static void define(byte[] bytes) throws IllegalAccessException {
        MethodHandles.lookup().defineClass(bytes);
    }
}
