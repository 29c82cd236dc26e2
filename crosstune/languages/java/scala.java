import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Replaces Scala's equality in tests, for languages/scala. */
public final class CrosstuneScala {
    private static final Method EQUAL = method("scala.runtime.BoxesRunTime", "equals", Object.class, Object.class);
    private static final Method ITEMS = method("scala.collection.GenTraversableOnce", "toIterator");
    private static final Method MORE = method("scala.collection.Iterator", "hasNext");
    private static final Method NEXT = method("scala.collection.Iterator", "next");

    private static Method method(String type, String name, Class<?>... types) {
        try {
            return Class.forName(type).getMethod(name, types);
        } catch (ReflectiveOperationException error) {
            throw new ExceptionInInitializerError(error);
        }
    }

    private static Object call(Method method, Object on, Object... words) throws Throwable {
        try {
            return method.invoke(on, words);
        } catch (InvocationTargetException error) {
            throw error.getTargetException();
        }
    }

    /** Replaces `==` of objects of unknown types, which is true of equal numbers of several types. A class of the candidate's
     * that is a number to Scala would decide alone. */
    public static boolean alike(Object one, Object other) throws Throwable {
        if (one == other || one == null || other == null) return one == other;
        if (CrosstuneJudge.isForeign(one, 1) != CrosstuneJudge.isForeign(other, 1)) return CrosstuneJudge.equal(one, other);
        return (boolean) call(EQUAL, null, one, other) && (boolean) call(EQUAL, null, other, one);
    }

    public static boolean differ(Object one, Object other) throws Throwable {
        return !alike(one, other);
    }

    // Replace `==` and `!=` that a class of the candidate's has for primitive values.

    public static boolean alike(Object one, int other) throws Throwable { return alike(one, (Object) other); }
    public static boolean differ(Object one, int other) throws Throwable { return !alike(one, (Object) other); }
    public static boolean alike(Object one, long other) throws Throwable { return alike(one, (Object) other); }
    public static boolean differ(Object one, long other) throws Throwable { return !alike(one, (Object) other); }
    public static boolean alike(Object one, double other) throws Throwable { return alike(one, (Object) other); }
    public static boolean differ(Object one, double other) throws Throwable { return !alike(one, (Object) other); }
    public static boolean alike(Object one, float other) throws Throwable { return alike(one, (Object) other); }
    public static boolean differ(Object one, float other) throws Throwable { return !alike(one, (Object) other); }
    public static boolean alike(Object one, char other) throws Throwable { return alike(one, (Object) other); }
    public static boolean differ(Object one, char other) throws Throwable { return !alike(one, (Object) other); }
    public static boolean alike(Object one, boolean other) throws Throwable { return alike(one, (Object) other); }
    public static boolean differ(Object one, boolean other) throws Throwable { return !alike(one, (Object) other); }
    public static boolean alike(Object one, byte other) throws Throwable { return alike(one, (Object) other); }
    public static boolean differ(Object one, byte other) throws Throwable { return !alike(one, (Object) other); }
    public static boolean alike(Object one, short other) throws Throwable { return alike(one, (Object) other); }
    public static boolean differ(Object one, short other) throws Throwable { return !alike(one, (Object) other); }

    /** Replaces `contains` of collections other than maps. */
    public static boolean holds(Object held, Object item) throws Throwable {
        for (Object all = call(ITEMS, held); (boolean) call(MORE, all); ) if (alike(call(NEXT, all), item)) return true;
        return false;
    }

    /** Replaces `sameElements`. */
    public static boolean elements(Object some, Object others) throws Throwable {
        Object one = call(ITEMS, some), other = call(ITEMS, others);
        while ((boolean) call(MORE, one)) {
            if (!(boolean) call(MORE, other) || !alike(call(NEXT, one), call(NEXT, other))) return false;
        }
        return !(boolean) call(MORE, other);
    }
}
