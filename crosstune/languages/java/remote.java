package crosstune;

/** An object of the candidate's, as the tests see it: it stays in the candidate's process. */
public abstract class Remote {
    /** Marks the constructors that wrap an object which the candidate's process already has. */
    public static final class Handle {
        final int number;

        Handle(int number) {
            this.number = number;
        }
    }

    int handle;

    protected Remote(Handle handle) {
        this.handle = handle.number;
    }

    protected Remote(String constructor, Object[] arguments) {
        Stub.make(this, constructor, arguments);
    }

    protected final Object crosstuneAsk(String method, Object[] arguments) {
        return Stub.method(handle, method, arguments);
    }

    // A declaration need not mention what the candidate overrides of these.

    @Override public String toString() {
        return Stub.of(String.class, crosstuneAsk("toString", new Object[0]));
    }

    @Override public int hashCode() {
        return Stub.primitive(Integer.class, crosstuneAsk("hashCode", new Object[0]));
    }

    /** Only another object of the candidate's can be equal. */
    @Override public boolean equals(Object other) {
        if (this == other) return true;
        return other instanceof Remote && Stub.primitive(Boolean.class, crosstuneAsk("equals", new Object[] {other}));
    }
}
