import com.sun.tools.javac.api.JavacTaskImpl;
import com.sun.tools.javac.main.Main.Result;
import java.io.*;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.*;
import javax.tools.*;

/**
 * javac as a server. A request is the text of Main.java; a reply begins with one letter: C (compiled; then, for
 * each class, the lengths and the bytes of its name and content), E (errors; then javac's messages) or U (unknown:
 * something else happened). Only the platform's own classes are kept between programs.
 */
final class CrosstuneCompiler {
    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

    public static void main(String[] options) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err);
        Platform platform = new Platform(JAVAC.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8));
        List<String> wanted = List.of(options);
        send(out, new byte[0]);
        while (true) {
            byte[] text;
            try {
                text = in.readNBytes(in.readInt());
            } catch (EOFException end) {
                return;
            }
            byte[] reply = null;
            try {
                reply = compile(platform, wanted, new String(text, StandardCharsets.UTF_8));
            } catch (Throwable error) {
                error.printStackTrace();
            }
            send(out, reply == null ? new byte[] {'U'} : reply);
            // An error may have left anything behind; a new server continues.
            if (reply == null) Runtime.getRuntime().halt(1);
        }
    }

    private static void send(DataOutputStream out, byte[] reply) throws IOException {
        out.writeInt(reply.length);
        out.write(reply);
        out.flush();
    }

    private static byte[] compile(Platform platform, List<String> options, String text) throws IOException {
        StringWriter messages = new StringWriter();
        Working files = new Working(platform);
        JavacTaskImpl task =
            (JavacTaskImpl) JAVAC.getTask(new PrintWriter(messages), files, null, options, null, List.of(new Source(text)));
        Result result = task.doCall();
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(reply);
        if (result == Result.ERROR) {
            to.writeByte('E');
            to.write(messages.toString().getBytes(StandardCharsets.UTF_8));
        } else if (result == Result.OK) {
            to.writeByte('C');
            for (Map.Entry<String, ByteArrayOutputStream> one : files.written.entrySet()) {
                byte[] name = one.getKey().getBytes(StandardCharsets.UTF_8);
                to.writeInt(name.length);
                to.write(name);
                to.writeInt(one.getValue().size());
                one.getValue().writeTo(to);
            }
        } else {
            return null;
        }
        return reply.toByteArray();
    }

    /** The program's only source file. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("mem:///Main.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override public String getName() {
            return "Main.java";
        }

        @Override public CharSequence getCharContent(boolean ignoreErrors) {
            return text;
        }
    }

    /** The working folder of one program, in memory: its classes are written there. */
    private static final class Working extends ForwardingJavaFileManager<Platform> {
        final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

        Working(Platform platform) {
            super(platform);
        }

        @Override public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            String file = name.replace('.', '/') + kind.extension;
            written.put(file, content);
            return new SimpleJavaFileObject(URI.create("mem:///out"), kind) {
                @Override public OutputStream openOutputStream() {
                    return content;
                }
            };
        }
    }

    /** The platform's modules, which never change: what was read once is kept. No other files exist. */
    private static final class Platform extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<List<Object>, List<JavaFileObject>> listed = new HashMap<>();
        private final Map<List<Object>, JavaFileObject> found = new HashMap<>();
        private final Map<Location, List<Set<Location>>> modules = new HashMap<>();
        private final Map<Location, String> names = new HashMap<>();

        Platform(StandardJavaFileManager files) {
            super(files);
        }

        private static boolean ofPrograms(Location location) {
            return location == StandardLocation.CLASS_PATH
                || location == StandardLocation.SOURCE_PATH
                || location == StandardLocation.CLASS_OUTPUT;
        }

        @Override public Iterable<JavaFileObject> list(
                Location location, String name, Set<JavaFileObject.Kind> kinds, boolean deep) throws IOException {
            if (ofPrograms(location)) return List.of();
            List<Object> key = List.of(location, name, Set.copyOf(kinds), deep);
            List<JavaFileObject> kept = listed.get(key);
            if (kept == null) {
                kept = new ArrayList<>();
                for (JavaFileObject file : super.list(location, name, kinds, deep)) {
                    kept.add(new Kept(file, super.inferBinaryName(location, file)));
                }
                if (!kept.isEmpty()) listed.put(key, kept);
            }
            return kept;
        }

        @Override public JavaFileObject getJavaFileForInput(
                Location location, String name, JavaFileObject.Kind kind) throws IOException {
            if (ofPrograms(location)) return null;
            List<Object> key = List.of(location, name, kind);
            JavaFileObject kept = found.get(key);
            if (kept == null) {
                JavaFileObject file = super.getJavaFileForInput(location, name, kind);
                if (file == null) return null;
                kept = new Kept(file, name);
                found.put(key, kept);
            }
            return kept;
        }

        @Override public Iterable<Set<Location>> listLocationsForModules(Location location) throws IOException {
            List<Set<Location>> kept = modules.get(location);
            if (kept == null) {
                kept = new ArrayList<>();
                for (Set<Location> some : super.listLocationsForModules(location)) kept.add(some);
                modules.put(location, kept);
            }
            return kept;
        }

        @Override public String inferModuleName(Location location) throws IOException {
            String kept = names.get(location);
            if (kept == null) {
                kept = super.inferModuleName(location);
                if (kept != null) names.put(location, kept);
            }
            return kept;
        }

        @Override public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof Kept ? ((Kept) file).name : super.inferBinaryName(location, file);
        }

        @Override public boolean contains(Location location, FileObject file) throws IOException {
            return file instanceof Kept ? !ofPrograms(location) : !(file instanceof Source) && super.contains(location, file);
        }

        @Override public boolean isSameFile(FileObject one, FileObject other) {
            return one == other;
        }

        @Override public void flush() {}

        @Override public void close() {}
    }

    /** A class of the platform, read once. */
    private static final class Kept extends ForwardingJavaFileObject<JavaFileObject> {
        final String name;
        private byte[] content;

        Kept(JavaFileObject file, String name) {
            super(file);
            this.name = name;
        }

        @Override public InputStream openInputStream() throws IOException {
            if (content == null) {
                try (InputStream file = super.openInputStream()) {
                    content = file.readAllBytes();
                }
            }
            return new ByteArrayInputStream(content);
        }
    }
}
