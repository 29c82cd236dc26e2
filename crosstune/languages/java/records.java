package crosstune;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;

/** Objects of the classes that a benchmark declares, and values that a call has changed. */
final class Records {
    private Records() {}

    /** The fields of its objects, its superclass's first. */
    static List<Field> fields(Class<?> type) {
        List<Field> all = new ArrayList<>();
        if (type.getSuperclass() != null && type.getSuperclass() != Object.class) all.addAll(fields(type.getSuperclass()));
        for (Field each : type.getDeclaredFields()) {
            if (Modifier.isStatic(each.getModifiers()) || each.isSynthetic()) continue;
            each.setAccessible(true);
            all.add(each);
        }
        return all;
    }

    static Object get(Field field, Object owner) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException never) {
            throw new IllegalStateException(never);
        }
    }

    /** Makes an object with these values of its fields. */
    static Object made(Class<?> type, Map<String, Object> values) throws ReflectiveOperationException {
        List<Field> fields = fields(type);
        if (fields.size() != values.size()) throw new NoSuchFieldException(type.getName());
        Class<?> above = type.getSuperclass();
        if (above != null && above.getName().equals("java.lang.Record")) return ofRecord(type, fields, values);
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field one = unsafe.getDeclaredField("theUnsafe");
        one.setAccessible(true);
        Object object = unsafe.getMethod("allocateInstance", Class.class).invoke(one.get(null), type);
        for (Field each : fields) {
            if (!values.containsKey(each.getName())) throw new NoSuchFieldException(each.getName());
            each.set(object, values.get(each.getName()));
        }
        return object;
    }

    private static Object ofRecord(Class<?> type, List<Field> fields, Map<String, Object> values) throws ReflectiveOperationException {
        Class<?>[] types = new Class<?>[fields.size()];
        Object[] parts = new Object[fields.size()];
        for (int at = 0; at < types.length; at++) {
            types[at] = fields.get(at).getType();
            parts[at] = values.get(fields.get(at).getName());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(parts);
    }

    static boolean canChange(Object value) {
        return value != null && (value.getClass().isArray() || value instanceof Collection || value instanceof Map
            || value instanceof StringBuilder || value instanceof StringBuffer
            || value.getClass().getClassLoader() != null && !(value instanceof Enum) && !(value instanceof Remote));
    }

    /** Changes ``old``, an argument, into ``now``, its value after the call. */
    @SuppressWarnings("unchecked")
    static void update(Object old, Object now) {
        if (old == null || now == null || !fits(old, now)) throw new Decoder.Malformed("another argument than was given");
        if (old.getClass().isArray()) ofArray(old, now);
        else if (old instanceof List) ofList((List<Object>) old, (List<Object>) now);
        else if (old instanceof Collection) replace((Collection<Object>) old, (Collection<Object>) now);
        else if (old instanceof Map) replace((Map<Object, Object>) old, (Map<Object, Object>) now);
        else if (old instanceof StringBuilder) ((StringBuilder) old).replace(0, ((StringBuilder) old).length(), now.toString());
        else if (old instanceof StringBuffer) ((StringBuffer) old).replace(0, ((StringBuffer) old).length(), now.toString());
        else ofObject(old, now);
    }

    private static boolean fits(Object old, Object now) {
        if (old instanceof List) return now instanceof List;
        if (old instanceof Map) return now instanceof Map;
        if (old instanceof Collection) return now instanceof Collection;
        return old.getClass() == now.getClass();
    }

    /** The item itself, changed, or the new one. */
    private static Object item(Object before, Object after) {
        if (!canChange(before) || after == null || !fits(before, after)) return after;
        if (before.getClass().isArray() && java.lang.reflect.Array.getLength(before) != java.lang.reflect.Array.getLength(after)) return after;
        try {
            update(before, after);
            return before;
        } catch (UnsupportedOperationException unchangeable) {
            return after;
        }
    }

    private static void ofArray(Object old, Object now) {
        int length = java.lang.reflect.Array.getLength(old);
        if (java.lang.reflect.Array.getLength(now) != length) throw new Decoder.Malformed("an array of another length");
        if (old instanceof Object[]) {
            Object[] all = (Object[]) old;
            for (int at = 0; at < length; at++) all[at] = item(all[at], ((Object[]) now)[at]);
        } else {
            System.arraycopy(now, 0, old, 0, length);
        }
    }

    private static void ofList(List<Object> old, List<Object> now) {
        int same = Math.min(old.size(), now.size()), at = 0;
        for (ListIterator<Object> each = old.listIterator(); at < same; at++) {
            Object before = each.next(), after = item(before, now.get(at));
            if (after != before && !(after != null && after.equals(before))) each.set(after);
        }
        if (old.size() > same) old.subList(same, old.size()).clear();
        if (now.size() > same) old.addAll(now.subList(same, now.size()));
    }

    private static <C extends Collection<Object>> void replace(C old, C now) {
        if (old.equals(now) && !(old instanceof java.util.LinkedHashSet)) return;
        old.clear();
        old.addAll(now);
    }

    private static void replace(Map<Object, Object> old, Map<Object, Object> now) {
        Map<Object, Object> kept = new java.util.HashMap<>(old);
        old.clear();
        for (Map.Entry<Object, Object> each : now.entrySet()) old.put(each.getKey(), item(kept.get(each.getKey()), each.getValue()));
    }

    private static void ofObject(Object old, Object now) {
        for (Field each : fields(old.getClass())) {
            try {
                Object before = each.get(old), after = item(before, each.get(now));
                if (after != before && !java.lang.reflect.Modifier.isFinal(each.getModifiers())) each.set(old, after);
            } catch (IllegalAccessException error) {
                throw new Decoder.Malformed("a field that cannot be changed");
            }
        }
    }
}
