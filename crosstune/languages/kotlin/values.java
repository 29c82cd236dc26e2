import java.util.*;
import kotlin.Pair;
import kotlin.Triple;
import kotlin.Unit;
import kotlin.sequences.Sequence;

/** Kotlin's values: lists, sets and maps are Java's. */
final class CrosstuneValues {
    static Object list(List<Object> items) { return items; }
    static Object set(Set<Object> items) { return items; }
    static Object map(Map<Object, Object> entries) { return entries; }

    static Object tuple(Object[] items) {
        return items.length == 2 ? new Pair<>(items[0], items[1]) : new Triple<>(items[0], items[1], items[2]);
    }

    /** A collection of another class, made of one of the usual. */
    static Object made(String name, Object parts) {
        try {
            Class<?> from = parts instanceof Map ? Map.class : Collection.class;
            return Class.forName(name).getConstructor(from).newInstance(parts);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    static Object plain(Object value) {
        if (value instanceof Pair) return new CrosstuneTuple(((Pair<?, ?>) value).getFirst(), ((Pair<?, ?>) value).getSecond());
        if (value instanceof Triple) {
            Triple<?, ?, ?> triple = (Triple<?, ?, ?>) value;
            return new CrosstuneTuple(triple.getFirst(), triple.getSecond(), triple.getThird());
        }
        if (value instanceof Sequence) return ((Sequence<?>) value).iterator();
        return value instanceof Unit ? null : value;
    }
}
