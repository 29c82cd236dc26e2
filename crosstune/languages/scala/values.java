import java.util.*;
import scala.Option;
import scala.Product;
import scala.collection.JavaConverters;
import scala.collection.mutable.Builder;

/** Scala's values: of its own collections, those that cannot change are usual. */
final class CrosstuneValues {
    private static final String IMMUTABLE = "scala.collection.immutable.";

    static Object list(List<Object> items) { return made(IMMUTABLE + "List", items); }
    static Object set(Set<Object> items) { return made(IMMUTABLE + "Set", new ArrayList<>(items)); }
    static Object map(Map<Object, Object> entries) { return made(IMMUTABLE + "Map", entries); }

    static Object tuple(Object[] items) {
        try {
            return Class.forName("scala.Tuple" + items.length).getConstructors()[0].newInstance(items);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    /** What the companion object of a collection's class builds of its items. */
    @SuppressWarnings("unchecked")
    static Object made(String name, Object parts) {
        if (name.equals("Option")) return ((List<Object>) parts).isEmpty() ? Option.empty() : Option.apply(((List<Object>) parts).get(0));
        if (name.equals("BigInt")) return new scala.math.BigInt((java.math.BigInteger) parts);
        try {
            Object companion = Class.forName(name + "$").getField("MODULE$").get(null);
            Builder<Object, Object> builder = (Builder<Object, Object>) companion.getClass().getMethod("newBuilder").invoke(companion);
            if (parts instanceof Map) ((Map<Object, Object>) parts).forEach((key, value) -> builder.$plus$eq(tuple(new Object[] {key, value})));
            else for (Object each : (Collection<Object>) parts) builder.$plus$eq(each);
            return builder.result();
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    static Object plain(Object value) {
        if (value instanceof Option) return ((Option<?>) value).isEmpty() ? null : plain(((Option<?>) value).get());
        if (value instanceof scala.collection.Map) return JavaConverters.mapAsJavaMapConverter((scala.collection.Map<?, ?>) value).asJava();
        if (value instanceof scala.collection.Set) return JavaConverters.setAsJavaSetConverter((scala.collection.Set<?>) value).asJava();
        if (value instanceof scala.collection.Iterable && !((scala.collection.Iterable<?>) value).hasDefiniteSize())
            return JavaConverters.asJavaIteratorConverter(((scala.collection.Iterable<?>) value).iterator()).asJava();
        if (value instanceof scala.collection.Iterable) return JavaConverters.asJavaIterableConverter((scala.collection.Iterable<?>) value).asJava();
        if (value instanceof scala.collection.Iterator) return JavaConverters.asJavaIteratorConverter((scala.collection.Iterator<?>) value).asJava();
        if (value instanceof scala.math.BigInt) return ((scala.math.BigInt) value).bigInteger();
        if (value instanceof scala.math.BigDecimal) return ((scala.math.BigDecimal) value).bigDecimal();
        if (value != null && value.getClass().getName().startsWith("scala.Tuple")) return tupled((Product) value);
        return value instanceof scala.runtime.BoxedUnit ? null : value;
    }

    private static CrosstuneTuple tupled(Product value) {
        Object[] items = new Object[value.productArity()];
        for (int at = 0; at < items.length; at++) items[at] = value.productElement(at);
        return new CrosstuneTuple(items);
    }
}
