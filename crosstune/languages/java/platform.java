import com.sun.tools.javac.platform.PlatformDescription;
import com.sun.tools.javac.platform.PlatformUtils;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import javax.tools.*;

/**
 * The platform's modules and the provided packages, which never change: what was read once is kept. No other files
 * exist. For an older release, the classes are those that it had.
 */
final class CrosstunePlatform extends ForwardingJavaFileManager<JavaFileManager> {
    private final JavaFileManager packages;
    private final Map<List<Object>, List<JavaFileObject>> listed = new HashMap<>();
    private final Map<List<Object>, JavaFileObject> found = new HashMap<>();
    private final Map<Location, List<Set<Location>>> modules = new HashMap<>();
    private final Map<Location, String> names = new HashMap<>();

    private CrosstunePlatform(JavaFileManager files, JavaFileManager packages) {
        super(files);
        this.packages = packages;
    }

    /** ``release`` empty: this JDK's own. */
    static CrosstunePlatform of(String release, List<File> jars) throws IOException {
        StandardJavaFileManager own =
            ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        own.setLocation(StandardLocation.CLASS_PATH, jars);
        if (release.isEmpty()) return new CrosstunePlatform(own, own);
        PlatformDescription description = PlatformUtils.lookupPlatformDescription(release);
        return new CrosstunePlatform(description.getFileManager(), own);
    }

    private static boolean ofPrograms(Location location) {
        return location == StandardLocation.SOURCE_PATH || location == StandardLocation.CLASS_OUTPUT;
    }

    private JavaFileManager managerOf(Location location) {
        return location == StandardLocation.CLASS_PATH ? packages : fileManager;
    }

    @Override public Iterable<JavaFileObject> list(
            Location location, String name, Set<JavaFileObject.Kind> kinds, boolean deep) throws IOException {
        if (ofPrograms(location)) return List.of();
        List<Object> key = List.of(location, name, Set.copyOf(kinds), deep);
        List<JavaFileObject> kept = listed.get(key);
        if (kept == null) {
            kept = new ArrayList<>();
            JavaFileManager manager = managerOf(location);
            for (JavaFileObject file : manager.list(location, name, kinds, deep)) {
                kept.add(new Kept(location, file, manager.inferBinaryName(location, file)));
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
            JavaFileObject file = managerOf(location).getJavaFileForInput(location, name, kind);
            if (file == null) return null;
            kept = new Kept(location, file, name);
            found.put(key, kept);
        }
        return kept;
    }

    @Override public boolean hasLocation(Location location) {
        return managerOf(location).hasLocation(location);
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
        if (file instanceof Kept) {
            boolean ofPackages = ((Kept) file).location == StandardLocation.CLASS_PATH;
            return !ofPrograms(location) && ofPackages == (location == StandardLocation.CLASS_PATH);
        }
        return !(file instanceof CrosstuneSource) && super.contains(location, file);
    }

    @Override public boolean isSameFile(FileObject one, FileObject other) {
        return one == other;
    }

    @Override public void flush() {}

    @Override public void close() {}

    /** A class of the platform, read once. */
    private static final class Kept extends ForwardingJavaFileObject<JavaFileObject> {
        final Location location;
        final String name;
        private byte[] content;

        Kept(Location location, JavaFileObject file, String name) {
            super(file);
            this.location = location;
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
