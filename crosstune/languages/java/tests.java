package crosstune;

import java.io.*;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;

/** The tests of one program, their classes and how they end; the candidate runs in another process. */
public final class Tests extends ClassLoader {
    /** Sends a message to the candidate's process; its next one after `+`, or why there is none. */
    interface Exchange {
        byte[] ask(byte[] message) throws IOException;
    }

    /** Ends a thread of the tests, after their end. */
    static final class Ended extends Error {
        Ended() {
            super("the tests have ended", null, false, false);
        }
    }

    private final Map<String, byte[]> files;
    private final Exchange exchange;
    private final String main, prefix;
    private final Set<String> declared = new HashSet<>();
    private final List<String> remoteClasses = new ArrayList<>();
    /** The candidate's objects by their numbers. */
    final Map<Integer, Remote> remotes = new ConcurrentHashMap<>();
    /** Iterators, and what gives them, that the candidate's process has. */
    final Map<Integer, Object> later = new ConcurrentHashMap<>();
    /** The numbers of iterators by the streams that read them. */
    final Map<Object, Integer> streams = Collections.synchronizedMap(new IdentityHashMap<>());
    /** Held during a call: they are made one after another. */
    final Object calls = new Object();
    private String report;
    private Thread thread;
    /** Whether the candidate has returned or changed anything but a number: then what the tests pass may hold it. */
    volatile boolean holdsResults;

    /** ``files`` are the classes by their paths, `crosstune.tests`, whose first line is the name of the main class, and
     * `crosstune.stub`: the classes of the candidate's objects, then the names of the classes that the benchmark declares. */
    Tests(Map<String, byte[]> files, Exchange exchange) {
        super(Tests.class.getClassLoader());
        this.files = files;
        this.exchange = exchange;
        main = lines("crosstune.tests")[0];
        prefix = main.substring(0, main.lastIndexOf('.') + 1);
        String[] names = lines("crosstune.stub");
        for (int at = 0; at < names.length; at++) {
            if (at == 0) remoteClasses.addAll(Arrays.asList(names[0].split(" ")));
            else declared.add(names[at]);
        }
        setDefaultAssertionStatus(true);
    }

    private String[] lines(String file) {
        byte[] content = files.get(file);
        return (content == null ? "" : new String(content, StandardCharsets.UTF_8)).split("\n");
    }

    // Its own classes come first: the benchmark may use any name.
    @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            byte[] content = found == null ? files.get(name.replace('.', '/').concat(".class")) : null;
            if (content != null) found = defineClass(name, content, 0, content.length);
            return found == null ? super.loadClass(name, resolve) : found;
        }
    }

    /** The name of a class that the benchmark declares; null if it does not. */
    String nameOf(Class<?> type) {
        if (type.getClassLoader() != this) return null;
        String name = type.getName().substring(prefix.length());
        return declared.contains(name) ? name : null;
    }

    Class<?> declared(String name) {
        if (!declared.contains(name)) return null;
        try {
            return loadClass(prefix.concat(name));
        } catch (ClassNotFoundException none) {
            return null;
        }
    }

    /** The same object for the same number. */
    Remote remote(int number) {
        return remote(number, "");
    }

    Remote remote(int number, String type) {
        Remote known = remotes.get(number);
        if (known != null) return known;
        if (!type.isEmpty() && !remoteClasses.contains(type)) throw new Decoder.Malformed("no class is called " + type);
        try {
            Constructor<?> wrap = loadClass(prefix.concat(type.isEmpty() ? remoteClasses.get(0) : type)).getDeclaredConstructor(Remote.Handle.class, byte.class);
            wrap.setAccessible(true);
            known = (Remote) wrap.newInstance(new Remote.Handle(number), (byte) 0);
            remotes.put(number, known);
            return known;
        } catch (ReflectiveOperationException error) {
            throw new Decoder.Malformed("an object where none can be");
        }
    }

    /** The candidate's answer. */
    byte[] ask(byte[] message) {
        synchronized (this) {
            if (report != null) throw parked();
        }
        byte[] got;
        try {
            got = exchange.ask(message);
        } catch (IOException error) {
            throw end("gone", "");
        }
        if (got[0] == '>') throw end("failed output_limit", "");
        if (got[0] != '+') throw end("gone", "");
        return Arrays.copyOfRange(got, 1, got.length);
    }

    private static final byte[] HELLO = {'H', 1};

    /** Runs the tests in a thread of that many bytes of stack; what they report. */
    String run(long stack) throws InterruptedException {
        thread = new Thread(null, this::finish, "main", stack);
        thread.setDaemon(true);
        thread.setContextClassLoader(this);
        thread.start();
        synchronized (this) {
            while (report == null) wait();
        }
        thread.interrupt();
        return report;
    }

    private void finish() {
        String how = "passed";
        try {
            if (!Arrays.equals(ask(new byte[0]), HELLO)) throw end("failed policy", "the candidate's process did not begin as it should");
            how = call();
        } catch (Ended done) {
            return;
        } catch (OutOfMemoryError error) {
            how = "failed memory_limit";
        } catch (Throwable error) {
            error.printStackTrace();
            how = error instanceof AssertionError ? "failed wrong_answer" : "failed runtime_error";
        }
        finish(how);
    }

    private String call() throws Throwable {
        Method method = null;
        try {
            if (!main.isEmpty()) method = loadClass(main).getDeclaredMethod("main", String[].class);
        } catch (NoSuchMethodException none) {
            method = null;
        }
        if (method == null || !Modifier.isStatic(method.getModifiers()) || Modifier.isPrivate(method.getModifiers())) {
            System.err.println("the tests have no class with a method `public static void main(String[])`");
            return "failed compile_error";
        }
        method.setAccessible(true);
        try {
            method.invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException error) {
            throw error.getTargetException();
        }
        return "passed";
    }

    private synchronized void finish(String how) {
        if (report == null) report = how;
        notifyAll();
    }

    /** Ends the tests, whose thread does not continue. */
    Error end(String how, String message) {
        if (!message.isEmpty()) System.err.println(message);
        finish(how);
        throw parked();
    }

    /** After the end, code of the tests could catch whatever is thrown, and go on; so nothing is. */
    private Error parked() {
        try {
            while (true) Thread.sleep(1000000);
        } catch (InterruptedException stop) {
            return new Ended();
        }
    }

    // What replaces calls in the tests

    /** Of `System.exit`: it ends the tests, with success if the status is 0. */
    public static void exit(int status) {
        throw Stub.tests.end(status == 0 ? "passed" : "failed wrong_answer", "");
    }

    /** Of `Runtime.exit` and `Runtime.halt`. */
    public static void exit(Runtime runtime, int status) {
        exit(status);
    }
}
