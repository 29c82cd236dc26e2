import com.sun.source.tree.CompilationUnitTree;
import com.sun.tools.javac.api.JavacTaskImpl;
import com.sun.tools.javac.tree.JCTree;
import com.sun.tools.javac.tree.JCTree.*;
import com.sun.tools.javac.tree.TreeInfo;
import com.sun.tools.javac.tree.TreeMaker;
import com.sun.tools.javac.util.Names;
import java.io.*;
import java.net.URI;
import java.util.*;
import javax.tools.*;

/** Compiles one program. */
final class CrosstuneBuild {
    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
    /** For the judging class: the tests' main class, the first and the last line of the tests, their classes. */
    private static final String TESTS = "crosstune.tests";
    /** For the launcher of a whole program: what to run. */
    private static final String MAIN = "crosstune.main";

    /** Tests may be the rest of a class whose beginning, up to the body of a method, is the candidate. */
    private static final List<String> CONTINUATIONS = List.of("class X { void f() {\n", "class X {\n");

    /** For the server of a candidate whose tests are elsewhere: the class that calls it. */
    private static final String CALLS = "crosstune.calls";

    private final CrosstunePlatform platform;
    private final List<String> options;
    private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();
    private List<Diagnostic<? extends JavaFileObject>> messages = new ArrayList<>();
    private JavacTaskImpl task;
    private List<JCCompilationUnit> units = List.of();
    /** An error that javac does not know. */
    private String refusal = "";
    /** Whether the candidate is in another process than the tests. */
    private boolean apart;

    CrosstuneBuild(CrosstunePlatform platform, List<String> options) {
        this.platform = platform;
        this.options = options;
    }

    /** The files that the program consists of; null if there are errors. */
    Map<String, byte[]> whole(String setup, String candidate, boolean checker) throws IOException {
        CrosstuneSource given = CrosstuneSource.of("Setup", setup), main = new CrosstuneSource("Main", candidate);
        if (!parse(given, main) && given != null && failed(given)) {
            given = null;
            main = new CrosstuneSource("Main", setup + "\n" + candidate);
            parse(main);
        }
        if (anyError()) return null;
        CrosstuneAssembly assembly = assembly();
        JCCompilationUnit unit = units.get(units.size() - 1);
        assembly.whole(given == null ? null : units.get(0), unit);
        String name = CrosstuneAssembly.mainClass(unit, true);
        if (name == null && given != null) name = CrosstuneAssembly.mainClass(units.get(0), true);
        if (!generate(assembly.units)) return null;
        Map<String, byte[]> files = files();
        String run = (checker ? "CrosstuneChecker " : "") + (name == null ? "Main" : name);
        files.put(MAIN, (run + "\n").getBytes("UTF-8"));
        return files;
    }

    /** Tests, with a stub in the candidate's place. */
    Map<String, byte[]> tests(String setup, String stub, String tests) throws IOException {
        apart = true;
        return tested(setup, stub, tests);
    }

    /** A candidate and what calls it: two texts with a zero between them, the second for where the first does not fit the
     * candidate's parameters. */
    Map<String, byte[]> candidate(String setup, String candidate, String calls) throws IOException {
        for (String each : calls.split("\0")) {
            CrosstuneSource last = new CrosstuneSource("Calls", each);
            JCCompilationUnit[] parsed = parsed(setup, candidate, last);
            if (parsed == null) return null;
            CrosstuneAssembly assembly = assembly();
            assembly.tested(parsed[0], parsed[1], parsed[2]);
            written.clear();
            if (generate(assembly.units)) {
                Map<String, byte[]> files = files();
                String folder = CrosstuneAssembly.packageOf(parsed[2]);
                files.put(CALLS, ((folder == null ? "" : folder + ".") + "CrosstuneCalls").getBytes("UTF-8"));
                return files;
            }
            if (!failed(last)) return null;
        }
        return null;
    }

    private JCCompilationUnit[] parsed(String setup, String candidate, CrosstuneSource last) throws IOException {
        CrosstuneSource given = CrosstuneSource.of("Setup", setup), own = new CrosstuneSource("Candidate", candidate);
        parse(given, own, last);
        if (given != null && failed(given)) {
            given = null;
            own = new CrosstuneSource("Candidate", setup + "\n" + candidate);
            parse(own, last);
        }
        if (anyError()) return null;
        int at = units.size() - 2;
        return new JCCompilationUnit[] {given == null ? null : units.get(0), units.get(at), units.get(at + 1)};
    }

    Map<String, byte[]> tested(String setup, String candidate, String tests) throws IOException {
        CrosstuneSource given = CrosstuneSource.of("Setup", setup);
        CrosstuneSource own = new CrosstuneSource("Candidate", candidate), last = new CrosstuneSource("Tests", tests);
        parse(given, own, last);
        if (given != null && failed(given)) {
            given = null;
            own = new CrosstuneSource("Candidate", setup + "\n" + candidate);
            parse(own, last);
        }
        if (failed(last)) return continued(given, own, last);
        if (anyError()) return null;
        int at = units.size() - 2;
        String main = CrosstuneAssembly.mainClass(units.get(at + 1), false);
        if (main != null && CrosstuneNames.usesUndeclared(units.get(at), main.substring(main.lastIndexOf('.') + 1))) {
            refusal = own.getName() + ": error: cannot find symbol: class " + main + " (the tests' is not known here)\n";
            return null;
        }
        return finished(given == null ? null : units.get(0), units.get(at), units.get(at + 1), 1, Integer.MAX_VALUE);
    }

    /** Tests that are no file of their own: they continue the candidate's class. */
    private Map<String, byte[]> continued(CrosstuneSource given, CrosstuneSource own, CrosstuneSource last) throws IOException {
        boolean complete = !failed(own);
        List<Diagnostic<? extends JavaFileObject>> first = messages;
        CrosstuneSource joint = new CrosstuneSource("Main", own.text + "\n" + last.text);
        int from = own.text.length(), to = joint.text.length();
        if (!parse(given, joint) && complete) {
            int[] range = new int[2];
            joint = grafted(own, last, range);
            from = range[0];
            to = range[1];
            if (joint != null) parse(given, joint);
        }
        if (joint == null || anyError()) {
            messages = first;
            return null;
        }
        CrosstuneAssembly assembly = assembly();
        JCCompilationUnit unit = units.get(units.size() - 1);
        JCCompilationUnit before = assembly.split(unit, from, to);
        int firstLine = (int) unit.lineMap.getLineNumber(from), lastLine = (int) unit.lineMap.getLineNumber(to - 1);
        return finished(given == null ? null : units.get(0), before, unit, firstLine + 1, lastLine);
    }

    /** The candidate, complete, and in its class what the tests have after the `}` that ends its method. */
    private CrosstuneSource grafted(CrosstuneSource own, CrosstuneSource last, int[] range) throws IOException {
        String rest = null;
        for (String opening : CONTINUATIONS) {
            CrosstuneSource alone = new CrosstuneSource("Tests", opening + last.text);
            if (rest != null || !parse(alone)) continue;
            JCClassDecl type = CrosstuneAssembly.types(units.get(0)).get(0);
            boolean inMethod = opening.contains("f()");
            int start = inMethod ? end(type.defs.head, units.get(0)) : opening.length();
            rest = alone.text.substring(start);
        }
        if (rest == null) return null;
        Set<String> called = CrosstuneNames.in(units.get(0));
        parse(own);
        JCClassDecl chosen = null;
        for (JCClassDecl type : CrosstuneAssembly.types(units.get(0))) {
            boolean asked = false;
            for (JCTree each : type.defs) {
                asked |= each instanceof JCMethodDecl && called.contains(((JCMethodDecl) each).name.toString());
            }
            if (chosen == null || asked) chosen = type;
        }
        if (chosen == null) return null;
        int brace = end(chosen, units.get(0)) - 1;
        range[0] = brace;
        range[1] = brace + 1 + rest.length();
        return new CrosstuneSource("Main", own.text.substring(0, brace) + "\n" + rest + "\n" + own.text.substring(brace + 1));
    }

    /** Why the tests do not parse, neither alone nor as the rest of a class; empty if they do. */
    static String syntaxError(CrosstunePlatform platform, String tests) throws IOException {
        List<String> openings = new ArrayList<>(CONTINUATIONS);
        openings.add(tests.strip().startsWith("}") ? openings.size() : 0, "");
        String first = "";
        for (String opening : openings) {
            CrosstuneBuild build = new CrosstuneBuild(platform, List.of());
            if (build.parse(new CrosstuneSource("Tests", opening + tests))) return "";
            Diagnostic<?> error = build.messages.get(0);
            long line = error.getLineNumber() - (opening.isEmpty() ? 0 : 1);
            if (first.isEmpty()) first = "the tests do not parse: line " + line + ": " + error.getMessage(Locale.ROOT);
        }
        return first;
    }

    private static int end(JCTree tree, JCCompilationUnit unit) {
        return TreeInfo.getEndPos(tree, unit.endPositions);
    }

    private Map<String, byte[]> finished(
            JCCompilationUnit setup, JCCompilationUnit candidate, JCCompilationUnit tests, int firstLine, int lastLine) throws IOException {
        CrosstuneAssembly assembly = assembly();
        Set<String> named = CrosstuneNames.in(tests);
        assembly.tested(setup, candidate, tests);
        String main = CrosstuneAssembly.mainClass(tests, false);
        if (!generate(assembly.units)) return null;
        Map<String, byte[]> files = files();
        StringBuilder lines = new StringBuilder((main == null ? "" : main) + "\n" + firstLine + "\n" + lastLine + "\n");
        String name = CrosstuneAssembly.packageOf(tests);
        String folder = name == null ? "" : name.replace('.', '/') + "/";
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!isOf(tests, folder, file.getKey())) continue;
            file.setValue(CrosstuneClasses.changed(file.getValue(), apart, named));
            lines.append(file.getKey(), 0, file.getKey().length() - 6).append('\n');
        }
        files.put(TESTS, lines.toString().getBytes("UTF-8"));
        return files;
    }

    private static boolean isOf(JCCompilationUnit unit, String folder, String file) {
        for (JCClassDecl type : CrosstuneAssembly.types(unit)) {
            String name = folder + type.name;
            if (file.equals(name + ".class") || file.startsWith(name + "$")) return true;
        }
        return false;
    }

    private CrosstuneAssembly assembly() {
        return new CrosstuneAssembly(TreeMaker.instance(task.getContext()), Names.instance(task.getContext()));
    }

    /** Parses the texts that are not null; whether there are no errors. */
    private boolean parse(CrosstuneSource... texts) throws IOException {
        List<CrosstuneSource> sources = new ArrayList<>();
        for (CrosstuneSource each : texts) if (each != null) sources.add(each);
        List<Diagnostic<? extends JavaFileObject>> all = new ArrayList<>();
        messages = all;
        task = (JavacTaskImpl) JAVAC.getTask(Writer.nullWriter(), new Working(), all::add, options, null, sources);
        units = new ArrayList<>();
        for (CompilationUnitTree each : task.parse()) units.add((JCCompilationUnit) each);
        return !anyError();
    }

    private boolean generate(List<JCCompilationUnit> all) throws IOException {
        task.enter(all);
        task.analyze();
        if (anyError()) return false;
        task.generate();
        return !anyError();
    }

    private boolean anyError() {
        for (Diagnostic<?> each : messages) if (each.getKind() == Diagnostic.Kind.ERROR) return true;
        return false;
    }

    private boolean failed(CrosstuneSource text) {
        for (Diagnostic<? extends JavaFileObject> each : messages) {
            boolean here = each.getSource() != null && each.getSource().getName().equals(text.getName());
            if (here && each.getKind() == Diagnostic.Kind.ERROR) return true;
        }
        return false;
    }

    private Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        written.forEach((name, content) -> files.put(name, content.toByteArray()));
        return files;
    }

    /** What javac has to say. */
    String messages() {
        StringBuilder text = new StringBuilder(refusal);
        for (Diagnostic<?> each : messages) text.append(each).append('\n');
        return text.toString();
    }

    /** The working folder of one program, in memory: its classes are written there. */
    private final class Working extends ForwardingJavaFileManager<CrosstunePlatform> {
        Working() {
            super(platform);
        }

        @Override public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            written.put(name.replace('.', '/') + kind.extension, content);
            return new SimpleJavaFileObject(URI.create("mem:///out"), kind) {
                @Override public OutputStream openOutputStream() {
                    return content;
                }
            };
        }
    }
}

/** A source text. Its public classes may have any name. */
final class CrosstuneSource extends SimpleJavaFileObject {
    private static final Set<String> SPECIAL = Set.of("package-info", "module-info");
    private final String name;
    final String text;

    CrosstuneSource(String name, String text) {
        super(URI.create("mem:///" + name + ".java"), Kind.SOURCE);
        this.name = name;
        this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    static CrosstuneSource of(String name, String text) {
        return text.isBlank() ? null : new CrosstuneSource(name, text);
    }

    @Override public String getName() {
        return name + ".java";
    }

    @Override public boolean isNameCompatible(String simpleName, Kind kind) {
        return kind == Kind.SOURCE && !SPECIAL.contains(simpleName);
    }

    @Override public CharSequence getCharContent(boolean ignoreErrors) {
        return text;
    }
}
