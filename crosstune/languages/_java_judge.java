/** Runs the tests' Main.main inside the sandbox and reports; see java.py. */
final class CrosstuneJudge {
    public static void main(String[] words) throws Throwable {
        String secret;
        try (java.io.FileInputStream brief = new java.io.FileInputStream("/dev/fd/3")) {
            byte[] held = new byte[64];
            secret = new String(held, 0, brief.read(held));
        }
        String report;
        int status = 1;
        try {
            Main.main(words);
            report = "passed ".concat(secret);
            status = 0;
        } catch (AssertionError fault) {
            fault.printStackTrace();
            report = "failed wrong_answer";
        } catch (OutOfMemoryError fault) {
            report = "failed memory_limit";
        } catch (Throwable fault) {
            fault.printStackTrace();
            report = notLinked(fault) ? "failed compile_error" : "failed runtime_error";
        }
        System.out.flush();
        System.err.flush();
        try (java.io.FileOutputStream out = new java.io.FileOutputStream("/dev/fd/4")) {
            out.write(report.getBytes());
        }
        Runtime.getRuntime().halt(status);
    }

    /** Whether there is no `static void main(String[])` of a class Main that this class may call. */
    private static boolean notLinked(Throwable fault) {
        if (!(fault instanceof NoClassDefFoundError || fault instanceof IncompatibleClassChangeError)) return false;
        StackTraceElement[] trace = fault.getStackTrace();
        return trace.length == 1 && trace[0].getClassName().equals("CrosstuneJudge");
    }
}
