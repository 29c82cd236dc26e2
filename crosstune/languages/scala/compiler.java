import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import scala.collection.JavaConversions;
import scala.tools.nsc.Global;
import scala.tools.nsc.Settings;
import scala.tools.nsc.reporters.ConsoleReporter;

/** Calls Scala's compiler, a new one for each program: one that is used again knows the classes of earlier programs. */
final class CrosstuneLanguage {
    /** null, or the compiler's messages. */
    static String compile(List<String> sources, String out) {
        Settings settings = new Settings();
        List<String> words = List.of("-usejavacp", "-target:jvm-1.8", "-nowarn", "-encoding", "UTF-8", "-d", out);
        settings.processArguments(JavaConversions.asScalaBuffer(words).toList(), true);
        StringWriter text = new StringWriter();
        ConsoleReporter reporter = new ConsoleReporter(settings, new BufferedReader(new StringReader("")), new PrintWriter(text));
        Global compiler = new Global(settings, reporter);
        compiler.new Run().compile(JavaConversions.asScalaBuffer(sources).toList());
        return reporter.hasErrors() ? text.toString() : null;
    }
}
