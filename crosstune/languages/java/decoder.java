package crosstune;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads values: see docs/values.md. Only classes of the platform, and those that the benchmark declares, are made. */
public abstract class Decoder {
    /** What was read is no value. */
    static final class Malformed extends RuntimeException {
        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** An object that equals nothing. */
    static final class Opaque {
        final String type;

        Opaque(String type) {
            this.type = type;
        }

        @Override public boolean equals(Object other) {
            return false;
        }

        @Override public int hashCode() {
            return 0;
        }

        @Override public String toString() {
            return "<an object of the type " + type + ">";
        }
    }

    private static final int MOST_LITERAL = 100;

    private final byte[] data;
    private int at;

    Decoder(byte[] data) {
        this.data = data;
    }

    /** An object that stays in the candidate's process. */
    abstract Object handle(int number);

    /** One of that class, where there are objects of several. */
    Object handle(int number, String type) {
        return handle(number);
    }

    /** An iterator or stream of that kind, or what gives iterators, which is read when its items are needed. */
    Object later(String kind, int number) {
        throw new Malformed("no items");
    }

    /** A stream of that kind, or the iterator itself. */
    static Object shaped(String kind, Iterator<?> items) {
        if (kind.equals("iterator")) return items;
        Stream<?> all = StreamSupport.stream(Spliterators.spliteratorUnknownSize(items, Spliterator.ORDERED), false);
        switch (kind) {
            case "Stream": return all;
            case "IntStream": return all.mapToInt(each -> (Integer) each);
            case "LongStream": return all.mapToLong(each -> (Long) each);
            case "DoubleStream": return all.mapToDouble(each -> (Double) each);
            default: throw new Malformed("no class is called " + kind);
        }
    }

    /** A short text is the literal that it equals: programs and tests compare those by identity at times. */
    private static String literal(String text) {
        return text.length() > MOST_LITERAL ? text : text.intern();
    }

    /** The class with that name which the benchmark declares; null if it does not. */
    abstract Class<?> declared(String name);

    private int need(int count) {
        if (count < 0 || count > data.length - at) throw new Malformed("it ends too early");
        at += count;
        return at - count;
    }

    final char tag() {
        return (char) data[need(1)];
    }

    final int number() {
        return (int) unsigned(4);
    }

    private long unsigned(int bytes) {
        long value = 0;
        for (int from = need(bytes), end = at; from < end; from++) value = value << 8 | data[from] & 0xff;
        return value;
    }

    /** A number of items, each of which has ``least`` bytes. */
    private int count(int least) {
        int count = number();
        if (count < 0 || (long) count * least > data.length - at) throw new Malformed("it ends too early");
        return count;
    }

    final String text() {
        int length = number(), from = need(length);
        for (int each = from; each < at - 1; each++) {
            if (data[each] == (byte) 0xed && (data[each + 1] & 0xe0) == 0xa0) return withSurrogates(from, at);
        }
        return new String(data, from, length, StandardCharsets.UTF_8);
    }

    private String withSurrogates(int from, int end) {
        StringBuilder text = new StringBuilder();
        int start = from;
        for (int each = from; each + 2 < end; ) {
            if (data[each] == (byte) 0xed && (data[each + 1] & 0xe0) == 0xa0) {
                text.append(new String(data, start, each - start, StandardCharsets.UTF_8));
                text.append((char) (0xd000 | (data[each + 1] & 0x3f) << 6 | data[each + 2] & 0x3f));
                each += 3;
                start = each;
            } else {
                each++;
            }
        }
        return text.append(new String(data, start, end - start, StandardCharsets.UTF_8)).toString();
    }

    final void end() {
        if (at != data.length) throw new Malformed("something follows");
    }

    final Object value(int depth) {
        if (depth > Encoder.DEEPEST) throw new Malformed("it nests too deep");
        char tag = tag();
        switch (tag) {
            case 'N': return null;
            case 'T': return Boolean.TRUE;
            case 'F': return Boolean.FALSE;
            case 'i': return integer(unsigned(8));
            case 'I': return big();
            case 'd': return Double.longBitsToDouble(unsigned(8));
            case 'c': return character(number());
            case 's': return literal(text());
            case 'b': return raw();
            case 'l': return items(new ArrayList<>(), depth);
            case 'S': return items(new HashSet<>(), depth);
            case 'm': return entries(new HashMap<>(), depth);
            case 'K': return other(text(), depth);
            case 'r': return record(depth);
            case 'h': return handle(number());
            case 'o': return new Opaque(text());
            default: throw new Malformed("the tag " + tag);
        }
    }

    private static Object integer(long value) {
        if (value != (int) value) throw new Malformed("an Integer that is too large");
        return (int) value;
    }

    private static Character character(int point) {
        if (point != (char) point) throw new Malformed("a character that is too large");
        return (char) point;
    }

    private byte[] raw() {
        int length = number(), from = need(length);
        return Arrays.copyOfRange(data, from, from + length);
    }

    private BigInteger big() {
        byte[] some = raw();
        if (some.length == 0) throw new Malformed("an integer without bytes");
        return new BigInteger(some);
    }

    private <C extends Collection<Object>> C items(C into, int depth) {
        for (int left = count(1); left > 0; left--) into.add(value(depth + 1));
        return into;
    }

    private <C extends Collection<Object>> C listed(C into, int depth) {
        expect('l');
        return items(into, depth + 1);
    }

    private <M extends Map<Object, Object>> M entries(M into, int depth) {
        for (int left = count(2); left > 0; left--) {
            Object key = value(depth + 1);
            into.put(key, value(depth + 1));
        }
        return into;
    }

    private <M extends Map<Object, Object>> M mapped(M into, int depth) {
        expect('m');
        return entries(into, depth + 1);
    }

    private void expect(char expected) {
        if (tag() != expected) throw new Malformed("another value than expected");
    }

    private long whole(long least, long most) {
        expect('i');
        long value = unsigned(8);
        if (value < least || value > most) throw new Malformed("a number that is too large");
        return value;
    }

    private String string() {
        expect('s');
        return text();
    }

    private Object other(String name, int depth) {
        if (name.startsWith("[")) return array(name, depth);
        if (name.startsWith("of ")) return handleOf(name.substring(3));
        if (name.startsWith("org.javatuples.")) return tuple(name, depth);
        switch (name) {
            case "Long": return whole(Long.MIN_VALUE, Long.MAX_VALUE);
            case "Short": return (short) whole(Short.MIN_VALUE, Short.MAX_VALUE);
            case "Byte": return (byte) whole(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "Float": return Float.intBitsToFloat((int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "BigDecimal": return decimal();
            case "asList": return Arrays.asList(listed(new ArrayList<>(), depth).toArray());
            case "unmodifiableList": return Collections.unmodifiableList(listed(new ArrayList<>(), depth));
            case "unmodifiableSet": return Collections.unmodifiableSet(listed(new LinkedHashSet<>(), depth));
            case "unmodifiableMap": return Collections.unmodifiableMap(mapped(new LinkedHashMap<>(), depth));
            case "LinkedList": return listed(new LinkedList<>(), depth);
            case "Vector": return listed(new Vector<>(), depth);
            case "Stack": return listed(new Stack<>(), depth);
            case "ArrayDeque": return listed(new ArrayDeque<>(), depth);
            case "PriorityQueue": return listed(new PriorityQueue<>(), depth);
            case "PriorityQueueReversed": return listed(new PriorityQueue<>(Collections.reverseOrder()), depth);
            case "LinkedHashSet": return listed(new LinkedHashSet<>(), depth);
            case "TreeSet": return listed(new TreeSet<>(), depth);
            case "TreeSetReversed": return listed(new TreeSet<>(Collections.reverseOrder()), depth);
            case "LinkedHashMap": return mapped(new LinkedHashMap<>(), depth);
            case "TreeMap": return mapped(new TreeMap<>(), depth);
            case "TreeMapReversed": return mapped(new TreeMap<>(Collections.reverseOrder()), depth);
            case "Hashtable": return mapped(new Hashtable<>(), depth);
            case "ConcurrentHashMap": return mapped(new ConcurrentHashMap<>(), depth);
            case "StringBuilder": return new StringBuilder(string());
            case "StringBuffer": return new StringBuffer(string());
            case "AtomicInteger": return new AtomicInteger((int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case "AtomicLong": return new AtomicLong(whole(Long.MIN_VALUE, Long.MAX_VALUE));
            case "LocalDate": return java.time.LocalDate.parse(string());
            case "LocalTime": return java.time.LocalTime.parse(string());
            case "LocalDateTime": return java.time.LocalDateTime.parse(string());
            case "Duration": return java.time.Duration.parse(string());
            case "UUID": return UUID.fromString(string());
            case "BitSet": return BitSet.valueOf((long[]) value(depth + 1));
            default: return madeOf(name, depth);
        }
    }

    private Object madeOf(String name, int depth) {
        if (name.endsWith("Entry")) {
            List<Object> parts = parts(2, depth);
            if (name.equals("SimpleEntry")) return new AbstractMap.SimpleEntry<>(parts.get(0), parts.get(1));
            return new AbstractMap.SimpleImmutableEntry<>(parts.get(0), parts.get(1));
        }
        if (name.equals("enum")) return enumerated(parts(2, depth));
        if (data.length > at && data[at] == 'h') {
            at++;
            return later(name, number());
        }
        List<Object> items = listed(new ArrayList<>(), depth);
        if (name.startsWith("Optional")) return optional(name, items);
        return name.equals("iterable") ? items : shaped(name, items.iterator());
    }

    private Object handleOf(String type) {
        expect('h');
        return handle(number(), type);
    }

    private List<Object> parts(int count, int depth) {
        expect('t');
        List<Object> parts = items(new ArrayList<>(), depth + 1);
        if (parts.size() != count) throw new Malformed("another number of parts than expected");
        return parts;
    }

    private BigDecimal decimal() {
        expect('t');
        if (number() != 2) throw new Malformed("no decimal number");
        expect('I');
        return new BigDecimal(big(), (int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    private static Object optional(String name, List<Object> items) {
        Object held = items.isEmpty() ? null : items.get(0);
        switch (name) {
            case "Optional": return Optional.ofNullable(held);
            case "OptionalInt": return held == null ? OptionalInt.empty() : OptionalInt.of((Integer) held);
            case "OptionalLong": return held == null ? OptionalLong.empty() : OptionalLong.of((Long) held);
            case "OptionalDouble": return held == null ? OptionalDouble.empty() : OptionalDouble.of((Double) held);
            default: throw new Malformed("no class is called " + name);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Object enumerated(List<Object> parts) {
        Class<?> type = named((String) parts.get(0));
        if (!type.isEnum()) throw new Malformed("no enumeration");
        return Enum.valueOf((Class) type, (String) parts.get(1));
    }

    /** A class of the platform or of the benchmark. */
    private Class<?> named(String name) {
        Class<?> own = declared(name);
        if (own != null) return own;
        if (!name.startsWith("java.lang.") && !name.startsWith("java.util.") && !name.startsWith("java.math.") && !name.startsWith("java.time.")) throw new Malformed("no class is called " + name);
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException none) {
            throw new Malformed("no class is called " + name);
        }
    }

    private Object tuple(String name, int depth) {
        List<Object> items = listed(new ArrayList<>(), depth);
        try {
            return Class.forName(name).getConstructors()[0].newInstance(items.toArray());
        } catch (ReflectiveOperationException error) {
            throw new Malformed("no tuple");
        }
    }

    private Object array(String name, int depth) {
        expect('l');
        int least = name.length() > 1 && "JDI".indexOf(name.charAt(1)) >= 0 ? 9 : 1, length = count(least);
        if (name.equals("[I")) {
            int[] array = new int[length];
            for (int each = 0; each < length; each++) array[each] = (int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
            return array;
        }
        if (name.equals("[J")) {
            long[] array = new long[length];
            for (int each = 0; each < length; each++) array[each] = whole(Long.MIN_VALUE, Long.MAX_VALUE);
            return array;
        }
        Object array = Array.newInstance(itemType(name), length);
        for (int each = 0; each < length; each++) Array.set(array, each, value(depth + 2));
        return array;
    }

    private Class<?> itemType(String name) {
        int dimensions = 0;
        while (dimensions < name.length() && name.charAt(dimensions) == '[') dimensions++;
        String item = name.substring(dimensions);
        Class<?> type = primitive(item);
        if (type == null) {
            if (!item.startsWith("L") || !item.endsWith(";")) throw new Malformed("no array");
            type = named(item.substring(1, item.length() - 1));
        }
        if (dimensions > 1) type = Array.newInstance(type, new int[dimensions - 1]).getClass();
        return type;
    }

    private static Class<?> primitive(String letter) {
        switch (letter) {
            case "I": return int.class;
            case "J": return long.class;
            case "D": return double.class;
            case "F": return float.class;
            case "Z": return boolean.class;
            case "C": return char.class;
            case "S": return short.class;
            case "B": return byte.class;
            default: return null;
        }
    }

    private Object record(int depth) {
        Class<?> type = declared(text());
        if (type == null) throw new Malformed("no class of the benchmark");
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int left = count(5); left > 0; left--) {
            String name = text();
            fields.put(name, value(depth + 1));
        }
        try {
            return Records.made(type, fields);
        } catch (ReflectiveOperationException error) {
            throw new Malformed("not the fields of " + type.getName());
        }
    }
}
