package crosstune;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/** An iterator that the candidate's process has. It reads no further than the tests need. */
final class RemoteIterator implements Iterator<Object> {
    private static final int MANY = 1 << 16, AHEAD_AFTER = 1000, PART_AHEAD = 16;

    private final int handle;
    private final int objects;
    private List<?> items = List.of();
    private int at, taken;
    private boolean ended, failed;

    RemoteIterator(int handle, boolean objects) {
        this.handle = handle;
        this.objects = objects ? Remote.IN_RESULT : 0;
    }

    /** The first is whether there are no more. None, and yet more: the next one is an error. */
    private void read(int most) {
        items = (List<?>) Stub.method(handle, "items", objects, new Object[] {most});
        at = 1;
        ended = (Boolean) items.get(0);
        failed = !ended && items.size() == 1;
    }

    /** Its number; null if some of its items are here. */
    Integer unread() {
        return isEmpty() && !ended && !failed ? (Integer) handle : null;
    }

    private boolean isEmpty() {
        return at >= items.size();
    }

    @Override public boolean hasNext() {
        // To ask for each of many items would take long.
        if (isEmpty() && !ended && !failed) read(taken < AHEAD_AFTER ? 1 : taken / PART_AHEAD);
        return !isEmpty() || failed;
    }

    @Override public Object next() {
        if (hasNext() && !failed) {
            taken++;
            return items.get(at++);
        }
        failed = false;
        return Stub.method(handle, "next", objects, new Object[0]);
    }

    @Override public void forEachRemaining(Consumer<? super Object> action) {
        while (true) {
            while (!isEmpty() || failed) action.accept(next());
            if (ended) return;
            read(MANY);
        }
    }
}

/** An object of the candidate's that gives iterators. */
final class RemoteIterable implements Iterable<Object> {
    final int handle;
    private final int objects;

    RemoteIterable(int handle, boolean objects) {
        this.handle = handle;
        this.objects = objects ? Remote.IN_RESULT : 0;
    }

    @Override @SuppressWarnings("unchecked")
    public Iterator<Object> iterator() {
        return (Iterator<Object>) Stub.method(handle, "iterator", objects, new Object[0]);
    }
}
