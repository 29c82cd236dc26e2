import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A compiler for the Java machine, as a server (`serve`) or once (`once`: from the files in the working folder, which are
 * removed). `CrosstuneLanguage` calls the language's own compiler.
 *
 * The texts of a program are files; that named crosstune.tests has four lines: the tests' main class, their first and
 * last line, and a pattern of their class files; a fifth has the operators that the benchmark gives itself. They are changed as those of tests in Java, and their names added to it. A request is, for each
 * file, the lengths and the bytes of its name and content; a reply begins with one letter: C (compiled; then the
 * files, as in a request), E (errors; then the messages) or U (unknown: something else happened).
 */
final class CrosstuneBuild {
    private static final String TESTS = "crosstune.tests";

    public static void main(String[] words) throws Exception {
        if (words[0].equals("serve")) serve();
        else once();
    }

    private static void serve() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err);
        Path folder = Files.createTempDirectory("build");
        send(out, new byte[0]);
        while (true) {
            byte[] request;
            try {
                request = in.readNBytes(in.readInt());
            } catch (EOFException end) {
                return;
            }
            byte[] reply = {'U'};
            try {
                reply = reply(folder, files(request));
            } catch (Throwable error) {
                error.printStackTrace();
            }
            send(out, reply);
            // An error may have left anything behind; a new server continues.
            if (reply[0] == 'U') Runtime.getRuntime().halt(1);
        }
    }

    private static void send(DataOutputStream out, byte[] reply) throws IOException {
        out.writeInt(reply.length);
        out.write(reply);
        out.flush();
    }

    private static Map<String, byte[]> files(byte[] request) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(request));
        Map<String, byte[]> files = new TreeMap<>();
        while (in.available() > 0) {
            String name = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            files.put(name, in.readNBytes(in.readInt()));
        }
        return files;
    }

    private static byte[] reply(Path folder, Map<String, byte[]> files) throws Exception {
        StringBuilder messages = new StringBuilder();
        Map<String, byte[]> classes = built(folder, files, messages);
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(reply);
        to.writeByte(classes == null ? 'E' : 'C');
        if (classes == null) to.write(messages.toString().getBytes(StandardCharsets.UTF_8));
        else for (Map.Entry<String, byte[]> one : classes.entrySet()) {
            byte[] name = one.getKey().getBytes(StandardCharsets.UTF_8);
            to.writeInt(name.length);
            to.write(name);
            to.writeInt(one.getValue().length);
            to.write(one.getValue());
        }
        return reply.toByteArray();
    }

    /** The class files; null if there are errors. ``folder`` is empty before and after. */
    private static Map<String, byte[]> built(Path folder, Map<String, byte[]> files, StringBuilder messages) throws Exception {
        Path out = Files.createDirectory(folder.resolve("out"));
        try {
            List<String> sources = new ArrayList<>();
            byte[] header = null;
            for (Map.Entry<String, byte[]> one : files.entrySet()) {
                if (one.getKey().equals(TESTS)) {
                    header = one.getValue();
                    continue;
                }
                Files.write(folder.resolve(one.getKey()), one.getValue());
                sources.add(folder.resolve(one.getKey()).toString());
            }
            String found = CrosstuneLanguage.compile(sources, out.toString());
            if (found != null) {
                messages.append(found.replace(folder + "/", ""));
                return null;
            }
            Map<String, byte[]> classes = read(out);
            if (header != null) mark(classes, new String(header, StandardCharsets.UTF_8).split("\n"));
            return classes;
        } finally {
            remove(out);
            for (String name : files.keySet()) Files.deleteIfExists(folder.resolve(name));
        }
    }

    private static void mark(Map<String, byte[]> classes, String[] header) throws IOException {
        StringBuilder lines = new StringBuilder(header[0] + "\n" + header[1] + "\n" + header[2] + "\n");
        Set<String> asked = header.length > 4 ? Set.of(header[4]) : Set.of();
        for (Map.Entry<String, byte[]> one : classes.entrySet()) {
            if (!one.getKey().matches(header[3])) continue;
            one.setValue(CrosstuneClasses.changed(one.getValue(), false, asked));
            lines.append(one.getKey(), 0, one.getKey().length() - 6).append('\n');
        }
        classes.put(TESTS, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, byte[]> read(Path out) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        for (Path file : below(out)) {
            if (file.toString().endsWith(".class")) classes.put(out.relativize(file).toString(), Files.readAllBytes(file));
        }
        return classes;
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.collect(Collectors.toList());
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> all = below(folder);
        Collections.reverse(all);
        for (Path each : all) Files.delete(each);
    }

    /** Exit status 1: errors; 4: the compiler itself failed. */
    private static void once() throws Exception {
        Map<String, byte[]> files = new TreeMap<>();
        for (File file : new File(".").listFiles()) {
            if (!file.isFile()) continue;
            files.put(file.getName(), Files.readAllBytes(file.toPath()));
            file.delete();
        }
        StringBuilder messages = new StringBuilder();
        Map<String, byte[]> classes = null;
        try {
            classes = built(Files.createTempDirectory("build"), files, messages);
        } catch (Throwable error) {
            error.printStackTrace();
            exit(4, "");
        }
        if (classes == null) exit(1, messages.toString());
        for (Map.Entry<String, byte[]> one : classes.entrySet()) {
            Path file = Path.of(one.getKey());
            if (file.getParent() != null) Files.createDirectories(file.getParent());
            Files.write(file, one.getValue());
        }
    }

    private static void exit(int status, String message) {
        System.err.print(message);
        System.err.flush();
        Runtime.getRuntime().halt(status);
    }
}
