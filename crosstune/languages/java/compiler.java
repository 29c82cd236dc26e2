import java.io.*;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;

/**
 * javac for programs of several texts: as a server (`serve JARS`) or once (`once JARS RELEASE KIND`: from the files
 * setup.java, candidate.java and tests.java in the working folder, which are removed). KIND is `tests`, `whole` or
 * `checker`, or, for a candidate in another process than its tests, `stub` or `apart`: the candidate's text is the stub, or
 * the tests' is what calls it. `parse` says in one line why tests, on descriptor 0, do not parse; `packages` lists the platform's.
 *
 * A request is the first letter of the kind and, for each of the three texts, its length and bytes; a reply begins with
 * one letter: C (compiled; then, for each file, the lengths and the bytes of its name and content), E (errors; then
 * javac's messages) or U (unknown: something else happened). Only the platform's own classes are kept between programs.
 */
final class CrosstuneCompiler {
    private static final List<String> OPTIONS = List.of("-nowarn", "-proc:none");

    public static void main(String[] words) throws Exception {
        if (words[0].equals("packages")) {
            for (ModuleReference each : ModuleFinder.ofSystem().findAll()) {
                each.descriptor().packages().forEach(System.out::println);
            }
            return;
        }
        if (words[0].equals("parse")) {
            String tests = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            new PrintStream(System.out, true, "UTF-8").print(CrosstuneBuild.syntaxError(CrosstunePlatform.of("", List.of()), tests));
            return;
        }
        List<File> jars = new ArrayList<>();
        for (String each : words[1].split(":")) if (!each.isEmpty()) jars.add(new File(each));
        if (words[0].equals("serve")) serve(CrosstunePlatform.of("", jars));
        else once(CrosstunePlatform.of(words[2], jars), words[2], words[3]);
    }

    private static void serve(CrosstunePlatform platform) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err);
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
                reply = reply(platform, ByteBuffer.wrap(request));
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

    private static byte[] reply(CrosstunePlatform platform, ByteBuffer request) throws IOException {
        char kind = (char) request.get();
        String[] texts = new String[3];
        for (int at = 0; at < 3; at++) {
            byte[] text = new byte[request.getInt()];
            request.get(text);
            texts[at] = new String(text, StandardCharsets.UTF_8);
        }
        CrosstuneBuild build = new CrosstuneBuild(platform, OPTIONS);
        Map<String, byte[]> files = build(build, kind, texts);
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        DataOutputStream to = new DataOutputStream(reply);
        to.writeByte(files == null ? 'E' : 'C');
        if (files == null) {
            to.write(build.messages().getBytes(StandardCharsets.UTF_8));
            return reply.toByteArray();
        }
        for (Map.Entry<String, byte[]> one : files.entrySet()) {
            byte[] name = one.getKey().getBytes(StandardCharsets.UTF_8);
            to.writeInt(name.length);
            to.write(name);
            to.writeInt(one.getValue().length);
            to.write(one.getValue());
        }
        return reply.toByteArray();
    }

    private static Map<String, byte[]> build(CrosstuneBuild build, char kind, String[] texts) throws IOException {
        switch (kind) {
            case 't': return build.tested(texts[0], texts[1], texts[2]);
            case 's': return build.tests(texts[0], texts[1], texts[2]);
            case 'a': return build.candidate(texts[0], texts[1], texts[2]);
            default: return build.whole(texts[0], texts[1], kind == 'c');
        }
    }

    /** Exit status 1: errors; 4: javac itself failed, as in its own launcher. */
    private static void once(CrosstunePlatform platform, String release, String kind) throws IOException {
        List<String> options = new ArrayList<>(OPTIONS);
        if (!release.isEmpty()) options.addAll(List.of("-source", release, "-target", release, "-Xlint:-options"));
        String[] texts = new String[3];
        int at = 0;
        for (String name : List.of("setup", "candidate", "tests")) {
            Path file = Path.of(name + ".java");
            try {
                texts[at++] = Files.exists(file) ? Files.readString(file) : "";
            } catch (CharacterCodingException error) {
                exit(1, file + ": error: unmappable character for encoding UTF-8");
            }
            Files.deleteIfExists(file);
        }
        CrosstuneBuild build = new CrosstuneBuild(platform, options);
        Map<String, byte[]> files = null;
        try {
            files = build(build, kind.charAt(0), texts);
        } catch (Throwable error) {
            error.printStackTrace();
            exit(4, "");
        }
        if (files == null) exit(1, build.messages());
        for (Map.Entry<String, byte[]> one : files.entrySet()) {
            Path file = Path.of(one.getKey());
            if (file.getParent() != null) Files.createDirectories(file.getParent());
            try {
                Files.write(file, one.getValue());
            } catch (IOException error) {
                exit(1, "error: error while writing " + file + ": " + error.getMessage());
            }
        }
    }

    private static void exit(int status, String message) {
        System.err.print(message);
        System.err.flush();
        Runtime.getRuntime().halt(status);
    }
}
