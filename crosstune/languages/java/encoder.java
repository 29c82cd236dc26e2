package crosstune;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Writes values: see docs/values.md. The class of a value decides what is written, never its declared type. */
public abstract class Encoder {
    static final int MOST_BYTES = 16 << 20, DEEPEST = 200, MOST_ITEMS = 100000;

    /** It nests too deep, or contains itself. */
    static final class TooDeep extends RuntimeException {
        TooDeep() {
            super("it nests too deep", null, false, false);
        }
    }

    /** It needs more bytes than a frame may have. */
    static final class TooLong extends RuntimeException {
        TooLong() {
            super("it is too long", null, false, false);
        }
    }

    byte[] bytes = new byte[256];
    int size;

    /** The name of a class that the benchmark declares; null if it does not. */
    abstract String declared(Class<?> type);

    /** Writes an object that is of no standard class. */
    abstract void own(Object value, int depth);

    /** Writes an object that stays in its process, whatever it is besides; false: it does not. */
    abstract boolean stays(Object value);

    /** Writes a stream, an iterator or what gives iterators, which is read when its items are needed; false: it is read now. */
    abstract boolean later(String kind, Object source);

    final byte[] taken() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (size + more > MOST_BYTES) throw new TooLong();
        if (size + more > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }

    final void tag(char tag) {
        room(1);
        bytes[size++] = (byte) tag;
    }

    final void number(int value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) bytes[size++] = (byte) (value >>> shift);
    }

    final void bits(char tag, long value) {
        tag(tag);
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) bytes[size++] = (byte) (value >>> shift);
    }

    final void raw(byte[] some) {
        number(some.length);
        room(some.length);
        System.arraycopy(some, 0, bytes, size, some.length);
        size += some.length;
    }

    final void text(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                raw(withSurrogates(text));
                return;
            }
        }
        raw(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] withSurrogates(String text) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(text.length() * 2);
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            if (point < 0xd800 || point > 0xdfff) {
                byte[] some = new String(Character.toChars(point)).getBytes(StandardCharsets.UTF_8);
                out.write(some, 0, some.length);
            } else {
                out.write(0xe0 | point >> 12);
                out.write(0x80 | point >> 6 & 0x3f);
                out.write(0x80 | point & 0x3f);
            }
        }
        return out.toByteArray();
    }

    final void value(Object value, int depth) {
        if (depth > DEEPEST) throw new TooDeep();
        if (value == null) tag('N');
        else if (value instanceof Integer) bits('i', (Integer) value);
        else if (value instanceof String) string((String) value);
        else if (value instanceof Boolean) tag((Boolean) value ? 'T' : 'F');
        else if (value instanceof Double) bits('d', Double.doubleToRawLongBits((Double) value));
        else if (value instanceof Character) character((Character) value);
        else if (value.getClass().isArray()) array(value, depth);
        else if (!stays(value) && !standard(value, depth)) own(value, depth);
    }

    private void string(String text) {
        tag('s');
        text(text);
    }

    private void character(char value) {
        tag('c');
        number(value);
    }

    final void kind(String name) {
        tag('K');
        text(name);
    }

    /** A value of a class of the platform, or of a subclass of one; false: it is none. */
    private boolean standard(Object value, int depth) {
        if (value instanceof Number && number((Number) value)) return true;
        for (Class<?> type = value.getClass(); type != Object.class; type = type.getSuperclass()) {
            if (type.getClassLoader() == null && named(value, type.getName(), depth)) return true;
        }
        if (value instanceof List) items('l', ((List<?>) value).iterator(), depth);
        else if (value instanceof Set) made("LinkedHashSet", 'l', ((Set<?>) value).iterator(), depth);
        else if (value instanceof Map) map("LinkedHashMap", (Map<?, ?>) value, depth);
        else if (value instanceof Map.Entry) pair("Entry", (Map.Entry<?, ?>) value, depth);
        else if (value instanceof Deque) made("ArrayDeque", 'l', ((Deque<?>) value).iterator(), depth);
        else if (value instanceof Collection && isOfPlatform(value)) items('l', ((Collection<?>) value).iterator(), depth);
        else if (value instanceof BaseStream) stream((BaseStream<?, ?>) value, depth);
        else if (value instanceof Iterator) iterator((Iterator<?>) value, depth);
        else if (value instanceof Enum && isOfPlatform(value)) enumerated(((Enum<?>) value).getDeclaringClass().getName(), (Enum<?>) value);
        else return tuple(value, depth) || iterable(value, depth);
        return true;
    }

    private static boolean isOfPlatform(Object value) {
        return value.getClass().getClassLoader() == null;
    }

    private boolean number(Number value) {
        if (value instanceof Long) kind("Long");
        else if (value instanceof Short) kind("Short");
        else if (value instanceof Byte) kind("Byte");
        if (value instanceof Long || value instanceof Short || value instanceof Byte) bits('i', value.longValue());
        else if (value instanceof Float) floating((Float) value);
        else if (value instanceof BigInteger) big((BigInteger) value);
        else if (value instanceof BigDecimal) decimal((BigDecimal) value);
        else return false;
        return true;
    }

    private void floating(float value) {
        kind("Float");
        bits('i', Float.floatToRawIntBits(value));
    }

    private void big(BigInteger value) {
        tag('I');
        raw(value.toByteArray());
    }

    private void decimal(BigDecimal value) {
        kind("BigDecimal");
        tag('t');
        number(2);
        big(value.unscaledValue());
        bits('i', value.scale());
    }

    private boolean named(Object value, String name, int depth) {
        switch (name) {
            case "java.util.ArrayList": items('l', ((List<?>) value).iterator(), depth); return true;
            case "java.util.HashMap": map("", (Map<?, ?>) value, depth); return true;
            case "java.util.HashSet": items('S', ((Set<?>) value).iterator(), depth); return true;
            case "java.util.Arrays$ArrayList": made("asList", 'l', ((List<?>) value).iterator(), depth); return true;
            case "java.util.ImmutableCollections$ListN": case "java.util.ImmutableCollections$List12":
                made("unmodifiableList", 'l', ((List<?>) value).iterator(), depth); return true;
            case "java.util.LinkedHashMap": case "java.util.Hashtable": case "java.util.concurrent.ConcurrentHashMap":
                map(name.substring(name.lastIndexOf('.') + 1), (Map<?, ?>) value, depth); return true;
            case "java.util.TreeMap": case "java.util.concurrent.ConcurrentSkipListMap":
                map(sorted("TreeMap", ((SortedMap<?, ?>) value).comparator(), "LinkedHashMap"), (Map<?, ?>) value, depth); return true;
            case "java.util.TreeSet": case "java.util.concurrent.ConcurrentSkipListSet":
                made(sorted("TreeSet", ((SortedSet<?>) value).comparator(), "LinkedHashSet"), 'l', ((Set<?>) value).iterator(), depth); return true;
            case "java.util.PriorityQueue":
                made(sorted("PriorityQueue", ((PriorityQueue<?>) value).comparator(), "PriorityQueue"), 'l', ((PriorityQueue<?>) value).iterator(), depth); return true;
            case "java.util.LinkedList": case "java.util.Stack": case "java.util.Vector": case "java.util.LinkedHashSet": case "java.util.ArrayDeque":
                made(name.substring(10), 'l', ((Collection<?>) value).iterator(), depth); return true;
            case "java.util.Optional": optional("Optional", ((Optional<?>) value).orElse(null), depth); return true;
            case "java.util.OptionalInt": optional("OptionalInt", ((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null, depth); return true;
            case "java.util.OptionalLong": optional("OptionalLong", ((OptionalLong) value).isPresent() ? ((OptionalLong) value).getAsLong() : null, depth); return true;
            case "java.util.OptionalDouble": optional("OptionalDouble", ((OptionalDouble) value).isPresent() ? ((OptionalDouble) value).getAsDouble() : null, depth); return true;
            case "java.lang.StringBuilder": case "java.lang.StringBuffer": case "java.time.LocalDate": case "java.time.LocalTime":
            case "java.time.LocalDateTime": case "java.time.Duration": case "java.util.UUID":
                kind(name.substring(name.lastIndexOf('.') + 1)); string(value.toString()); return true;
            case "java.util.AbstractMap$SimpleEntry": case "java.util.AbstractMap$SimpleImmutableEntry":
                pair(name.substring(22), (Map.Entry<?, ?>) value, depth); return true;
            case "java.util.concurrent.atomic.AtomicInteger": case "java.util.concurrent.atomic.AtomicLong":
                kind(name.substring(29)); bits('i', ((Number) value).longValue()); return true;
            case "java.util.BitSet": kind("BitSet"); array(((BitSet) value).toLongArray(), depth + 1); return true;
            default: break;
        }
        if (!name.startsWith("java.util.")) return false;
        boolean fixed = name.contains("$Unmodifiable") || name.contains("ImmutableCollections$") || name.contains("$Singleton") || name.contains("$Empty");
        if (!fixed) return false;
        if (value instanceof List) made("unmodifiableList", 'l', ((List<?>) value).iterator(), depth);
        else if (value instanceof Set) made("unmodifiableSet", 'l', ((Set<?>) value).iterator(), depth);
        else if (value instanceof Map) map("unmodifiableMap", (Map<?, ?>) value, depth);
        else return false;
        return true;
    }

    private static String sorted(String name, Comparator<?> comparator, String otherwise) {
        if (comparator == null) return name;
        return comparator == Collections.reverseOrder() ? name.concat("Reversed") : otherwise;
    }

    private void optional(String name, Object held, int depth) {
        kind(name);
        tag('l');
        number(held == null ? 0 : 1);
        if (held != null) value(held, depth + 1);
    }

    private void made(String name, char tag, Iterator<?> items, int depth) {
        kind(name);
        items(tag, items, depth + 1);
    }

    private void items(char tag, Iterator<?> items, int depth) {
        items(tag, items, depth, Integer.MAX_VALUE);
    }

    private void items(char tag, Iterator<?> items, int depth, int most) {
        tag(tag);
        int at = size, count = 0;
        number(0);
        for (; count < most && items.hasNext(); count++) value(items.next(), depth + 1);
        put(at, count);
    }

    private void iterator(Iterator<?> items, int depth) {
        if (later("iterator", items)) return;
        kind("iterator");
        items('l', items, depth + 1, mostItems());
    }

    /** So many items of an iterator are read at most. */
    int mostItems() {
        return MOST_ITEMS;
    }

    final void put(int at, int count) {
        for (int shift = 24; shift >= 0; shift -= 8) bytes[at++] = (byte) (count >>> shift);
    }

    /** ``name`` empty: a HashMap. */
    private void map(String name, Map<?, ?> map, int depth) {
        if (!name.isEmpty()) kind(name);
        tag('m');
        int at = size, count = 0;
        number(0);
        for (Map.Entry<?, ?> each : map.entrySet()) {
            value(each.getKey(), depth + 1);
            value(each.getValue(), depth + 1);
            count++;
        }
        put(at, count);
    }

    private void pair(String name, Map.Entry<?, ?> entry, int depth) {
        kind(name);
        tag('t');
        number(2);
        value(entry.getKey(), depth + 1);
        value(entry.getValue(), depth + 1);
    }

    private void stream(BaseStream<?, ?> stream, int depth) {
        String kind = stream instanceof IntStream ? "IntStream" : stream instanceof LongStream ? "LongStream"
            : stream instanceof DoubleStream ? "DoubleStream" : "Stream";
        if (later(kind, stream)) return;
        kind(kind);
        items('l', stream.iterator(), depth + 1, mostItems());
    }

    private void enumerated(String type, Enum<?> value) {
        kind("enum");
        tag('t');
        number(2);
        string(type);
        string(value.name());
    }

    private boolean tuple(Object value, int depth) {
        String name = value.getClass().getName();
        if (!name.startsWith("org.javatuples.") || !(value instanceof Iterable)) return false;
        made(name, 'l', ((Iterable<?>) value).iterator(), depth);
        return true;
    }

    /** A class of the program's own that says no more than how to get its items. */
    private boolean iterable(Object value, int depth) {
        if (isOfPlatform(value) || !(value instanceof Iterable) || declared(value.getClass()) != null) return false;
        if (value instanceof Collection) items('l', ((Collection<?>) value).iterator(), depth);
        else if (!later("iterable", value)) made("iterable", 'l', ((Iterable<?>) value).iterator(), depth);
        return true;
    }

    private void array(Object array, int depth) {
        if (array instanceof byte[]) {
            tag('b');
            raw((byte[]) array);
            return;
        }
        kind(arrayName(array.getClass()));
        tag('l');
        int length = java.lang.reflect.Array.getLength(array);
        number(length);
        if (array instanceof int[]) for (int each : (int[]) array) bits('i', each);
        else if (array instanceof long[]) for (long each : (long[]) array) bits('i', each);
        else if (array instanceof double[]) for (double each : (double[]) array) bits('d', Double.doubleToRawLongBits(each));
        else if (array instanceof Object[]) for (Object each : (Object[]) array) value(each, depth + 2);
        else for (int at = 0; at < length; at++) value(java.lang.reflect.Array.get(array, at), depth + 2);
    }

    /** As in `[[I` and `[Ljava.lang.String;`. */
    private String arrayName(Class<?> type) {
        Class<?> item = type;
        int dimensions = 0;
        for (; item.isArray(); dimensions++) item = item.getComponentType();
        String declared = declared(item);
        return declared == null ? type.getName() : "[".repeat(dimensions) + "L" + declared + ";";
    }

    /** A value of a class that the benchmark declares; false: it is none. */
    final boolean record(Object value, int depth) {
        Class<?> type = value instanceof Enum ? ((Enum<?>) value).getDeclaringClass() : value.getClass();
        String name = declared(type);
        if (name == null) return false;
        if (value instanceof Enum) {
            enumerated(name, (Enum<?>) value);
            return true;
        }
        tag('r');
        text(name);
        java.util.List<java.lang.reflect.Field> fields = Records.fields(type);
        number(fields.size());
        for (java.lang.reflect.Field each : fields) {
            text(each.getName());
            value(Records.get(each, value), depth + 1);
        }
        return true;
    }
}
