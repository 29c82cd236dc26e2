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

    final int handle;

    protected Remote(Handle handle) {
        this.handle = handle.number;
    }

    protected Remote(String constructor, Object[] arguments) {
        handle = Stub.made(constructor, arguments);
    }

    protected final Object crosstuneAsk(String method, Object[] arguments) {
        return Stub.method(handle, method, arguments);
    }
}
