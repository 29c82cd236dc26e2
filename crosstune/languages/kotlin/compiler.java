import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/** Calls Kotlin's compiler. It keeps what it has read of the platform between programs. */
final class CrosstuneLanguage {
    static {
        System.setProperty("kotlin.environment.keepalive", "true");
        System.setProperty("java.awt.headless", "true");
    }

    /** null, or the compiler's messages. */
    static String compile(List<String> sources, String out) throws Exception {
        List<String> words = new ArrayList<>(List.of(
            "-no-stdlib", "-no-reflect", "-nowarn", "-jvm-target", "1.8", "-cp", System.getProperty("crosstune.library"), "-d", out,
            "-Xuse-experimental=kotlin.Experimental", "-Xuse-experimental=kotlin.ExperimentalUnsignedTypes",
            "-Xuse-experimental=kotlin.contracts.ExperimentalContracts"));
        words.addAll(sources);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler().exec(new PrintStream(text, true, "UTF-8"), words.toArray(new String[0]));
        if (code == ExitCode.OK) return null;
        if (code == ExitCode.COMPILATION_ERROR) return text.toString("UTF-8");
        throw new IllegalStateException(text.toString("UTF-8"));
    }
}
