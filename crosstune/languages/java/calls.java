package crosstune;

/** What a class that is made for each candidate has: the calls of the candidate. */
public interface Calls {
    /** Line by line the names of what can be called, of the classes that the benchmark declares, and of those whose objects
     * stay, with `|` between these parts. */
    String names();

    /** Calls what has that position among the names. */
    Object call(int which, Object target, Object[] a) throws Throwable;

    /** Passes an argument as whatever the candidate declares. */
    @SuppressWarnings("unchecked")
    static <T> T any(Object argument) {
        return (T) argument;
    }
}
