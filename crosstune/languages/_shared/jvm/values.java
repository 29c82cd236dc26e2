import java.io.IOException;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.*;

/** Several values that a language has as one. */
final class CrosstuneTuple {
    final Object[] items;

    CrosstuneTuple(Object... items) { this.items = items; }
}

/** Reads the values of a question; `CrosstuneValues` makes those that only the language has. */
final class CrosstuneReader {
    private final byte[] data;
    private int at;

    CrosstuneReader(byte[] data) { this.data = data; }

    char tag() { return (char) data[at++]; }
    int count() { return (int) number(4); }

    private long number(int bytes) {
        long sum = 0;
        while (bytes-- > 0) sum = sum << 8 | data[at++] & 0xff;
        return sum;
    }

    String text() {
        int end = count() + at;
        StringBuilder text = new StringBuilder();
        while (at < end) {
            int first = data[at++] & 0xff, more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
            int code = more == 0 ? first : first & 0x3f >> more;
            while (more-- > 0) code = code << 6 | data[at++] & 0x3f;
            text.appendCodePoint(code);
        }
        return text.toString();
    }

    Object[] items() throws IOException {
        Object[] items = new Object[count()];
        for (int each = 0; each < items.length; each++) items[each] = value();
        return items;
    }

    Object value() throws IOException {
        char tag = tag();
        switch (tag) {
            case 'N': return null;
            case 'T': case 'F': return tag == 'T';
            case 'i': return whole(number(8));
            case 'I': return new BigInteger(taken(count()));
            case 'd': return Double.longBitsToDouble(number(8));
            case 'c': return (char) count();
            case 's': return text();
            case 'b': return taken(count());
            case 'l': return CrosstuneValues.list(new ArrayList<>(Arrays.asList(items())));
            case 't': return CrosstuneValues.tuple(items());
            case 'S': return CrosstuneValues.set(new LinkedHashSet<>(Arrays.asList(items())));
            case 'm': return CrosstuneValues.map(entries());
            case 'K': return made(text());
            default: throw new IOException("a value with the tag " + tag);
        }
    }

    private static Object whole(long value) {
        if (value == (int) value) return (int) value;
        return value;
    }

    private byte[] taken(int count) {
        at += count;
        return Arrays.copyOfRange(data, at - count, at);
    }

    private Map<Object, Object> entries() throws IOException {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int left = count(); left > 0; left--) {
            Object key = value();
            map.put(key, value());
        }
        return map;
    }

    /** The value of another standard type. */
    private Object made(String name) throws IOException {
        char tag = tag();
        if (tag == 'm') return CrosstuneValues.made(name, entries());
        if (tag == 'l' || tag == 'S') {
            List<Object> items = new ArrayList<>(Arrays.asList(items()));
            return name.startsWith("[") ? array(name, items) : CrosstuneValues.made(name, items);
        }
        at--;
        Object inner = value();
        switch (name) {
            case "Long": return ((Number) inner).longValue();
            case "Short": return ((Number) inner).shortValue();
            case "Byte": return ((Number) inner).byteValue();
            case "Float": return Float.intBitsToFloat(((Number) inner).intValue());
            default: return CrosstuneValues.made(name, inner);
        }
    }

    private static Object array(String name, List<Object> items) throws IOException {
        try {
            Object array = Array.newInstance(Class.forName(name).getComponentType(), items.size());
            for (int each = 0; each < items.size(); each++) Array.set(array, each, items.get(each));
            return array;
        } catch (ClassNotFoundException error) {
            throw new IOException(error);
        }
    }
}

/** Writes values as what they are; `CrosstuneValues.plain` gives Java's in place of the language's own. */
final class CrosstuneWriter {
    private static final int DEEPEST = 200, MOST_ITEMS = 100_000, MOST_BYTES = 16 << 20;
    private final ByteArrayOutputStream made = new ByteArrayOutputStream();

    /** A value that cannot be sent. */
    static final class Unsendable extends RuntimeException { }

    int size() { return made.size(); }
    byte[] bytes() { return made.toByteArray(); }
    void add(byte[] bytes) { made.write(bytes, 0, bytes.length); }
    void tag(char tag) { made.write(tag); }
    void count(int count) { number(count, 4); }
    void other(Object value) { tag('o'); text(value.getClass().getName()); }

    private void number(long value, int bytes) {
        while (bytes-- > 0) made.write((int) (value >> 8 * bytes));
    }

    /** Pairs of surrogates are one character; a lone one has the three bytes of its code. */
    void text(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        text.codePoints().forEach(code -> {
            int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
            bytes.write(more == 0 ? code : 0xff00 >> more + 1 | code >> 6 * more);
            while (more-- > 0) bytes.write(0x80 | code >> 6 * more & 0x3f);
        });
        count(bytes.size());
        add(bytes.toByteArray());
    }

    void value(Object given, int depth) {
        if (depth > DEEPEST || made.size() > MOST_BYTES) throw new Unsendable();
        Object value = CrosstuneValues.plain(given);
        if (value == null) tag('N');
        else if (value instanceof Boolean) tag((Boolean) value ? 'T' : 'F');
        else if (value instanceof Character) { tag('c'); count((Character) value); }
        else if (value instanceof String) { tag('s'); text((String) value); }
        else if (value instanceof Double) { tag('d'); number(Double.doubleToRawLongBits((Double) value), 8); }
        else if (value instanceof Float) { named("Float"); whole(Float.floatToRawIntBits((Float) value)); }
        else if (value instanceof BigInteger) large((BigInteger) value);
        else if (value instanceof BigDecimal) { named("Decimal"); tag('s'); text(value.toString()); }
        else if (value instanceof Number && value.getClass().getName().matches("java[.]lang[.](Integer|Long|Short|Byte)")) whole(((Number) value).longValue());
        else container(value, depth);
    }

    private void named(String name) { tag('K'); text(name); }
    private void whole(long whole) { tag('i'); number(whole, 8); }

    private void large(BigInteger value) {
        if (value.bitLength() < 64) { whole(value.longValue()); return; }
        byte[] bytes = value.toByteArray();
        tag('I');
        count(bytes.length);
        add(bytes);
    }

    private void container(Object value, int depth) {
        if (value instanceof CrosstuneTuple) items('t', Arrays.asList(((CrosstuneTuple) value).items), depth);
        else if (value instanceof Map.Entry) items('t', Arrays.asList(((Map.Entry<?, ?>) value).getKey(), ((Map.Entry<?, ?>) value).getValue()), depth);
        else if (value instanceof Map) entries((Map<?, ?>) value, depth);
        else if (value instanceof Set) items('S', new ArrayList<>((Set<?>) value), depth);
        else if (value instanceof Collection) items('l', new ArrayList<>((Collection<?>) value), depth);
        else if (value instanceof Iterable) items('l', read(((Iterable<?>) value).iterator()), depth);
        else if (value instanceof Iterator) items('l', read((Iterator<?>) value), depth);
        else if (value.getClass().isArray()) items('l', ofArray(value), depth);
        else other(value);
    }

    private static List<Object> read(Iterator<?> from) {
        List<Object> items = new ArrayList<>();
        while (from.hasNext()) {
            items.add(from.next());
            if (items.size() > MOST_ITEMS) throw new Unsendable();
        }
        return items;
    }

    private static List<Object> ofArray(Object array) {
        List<Object> items = new ArrayList<>();
        for (int at = 0; at < Array.getLength(array); at++) items.add(Array.get(array, at));
        return items;
    }

    private void items(char tag, List<?> items, int depth) {
        tag(tag);
        count(items.size());
        for (Object each : items) value(each, depth + 1);
    }

    private void entries(Map<?, ?> map, int depth) {
        tag('m');
        count(map.size());
        for (Map.Entry<?, ?> each : map.entrySet()) {
            value(each.getKey(), depth + 1);
            value(each.getValue(), depth + 1);
        }
    }
}
