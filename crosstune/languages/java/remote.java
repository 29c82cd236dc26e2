package crosstune;

/** An object of the candidate's, as the tests see it: it stays in the candidate's process. */
public abstract class Remote {
    /** Where a member has such objects by its declaration. */
    public static final int IN_RESULT = 1, IN_ARGUMENTS = 2;

    /** Marks the constructors that wrap an object which the candidate's process already has. */
    public static final class Handle {
        final int number;

        Handle(int number) {
            this.number = number;
        }
    }

    int handle;
    /** Whether it was returned where the declaration has no such objects: there it cannot decide what equals it. */
    boolean inPlaceOfValue;

    protected Remote(Handle handle) {
        this.handle = handle.number;
    }

    protected Remote(String constructor, int objects, Object[] arguments) {
        Stub.make(this, constructor, objects, arguments);
    }

    protected final Object crosstuneAsk(String method, int objects, Object[] arguments) {
        return Stub.method(handle, method, objects, arguments);
    }

    /** The answer of a declared method `equals`. */
    protected final Object crosstuneEquals(String method, int objects, Object[] arguments) {
        return isRefused(arguments[0]) ? (Object) false : crosstuneAsk(method, objects, arguments);
    }

    /** The answer of a declared method `compareTo`. */
    protected final Object crosstuneOrder(String method, int objects, Object[] arguments) {
        if (isRefused(arguments[0])) throw new ClassCastException("an object of the candidate's instead of a value");
        return crosstuneAsk(method, objects, arguments);
    }

    private boolean isRefused(Object other) {
        return inPlaceOfValue && !(other instanceof Remote);
    }

    // A declaration need not mention what the candidate overrides of these.

    @Override public String toString() {
        return Stub.of(String.class, crosstuneAsk("toString", 0, new Object[0]));
    }

    @Override public int hashCode() {
        return Stub.primitive(Integer.class, crosstuneAsk("hashCode", 0, new Object[0]));
    }

    /** Only another object of the candidate's can be equal. */
    @Override public boolean equals(Object other) {
        if (this == other) return true;
        return other instanceof Remote && Stub.primitive(Boolean.class, crosstuneAsk("equals", 0, new Object[] {other}));
    }
}
