import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Changes a class of the tests: CrosstuneJudge compares and leaves for it, and its assertions are on; or crosstune.Tests
 * leaves for it. */
final class CrosstuneClasses {
    private static final int UTF8 = 1, CLASS = 7, METHOD = 10, INTERFACE_METHOD = 11, NAME_AND_TYPE = 12;
    private static final int INVOKE_VIRTUAL = 0xb6, INVOKE_STATIC = 0xb8, INVOKE_INTERFACE = 0xb9;
    private static final int TABLE_SWITCH = 0xaa, LOOKUP_SWITCH = 0xab, WIDE = 0xc4, INCREMENT = 0x84;
    /** The length of each instruction, by its opcode; 0 if it varies. */
    private static final String LENGTHS =
        "1".repeat(16) + "23233" + "2".repeat(5) + "1".repeat(28) + "2".repeat(5) + "1".repeat(73)
            + "3" + "1".repeat(20) + "3".repeat(16) + "2" + "00" + "1".repeat(6) + "3".repeat(7) + "55" + "323" + "11"
            + "33" + "11" + "0" + "4" + "33" + "55";

    private static final String BOTH = "(Ljava/lang/Object;Ljava/lang/Object;)Z";
    private static final String ARRAYS = "([Ljava/lang/Object;[Ljava/lang/Object;)Z";
    private static final String EQUAL = "equal " + BOTH, SAME = "same " + BOTH, DEEP = "deep " + BOTH, ITEMS = "items " + ARRAYS;
    private static final String CONTAINS = "contains " + BOTH, ORDER = "order " + BOTH.replace(")Z", ")I");
    /** Those of the class for programs in Scala. */
    private static final String ALIKE = "alike " + BOTH, HOLDS = "holds " + BOTH, ELEMENTS = "elements " + BOTH;
    private static final String DIFFER = "differ " + BOTH, PRIMITIVES = "IJDFCZBS";
    private static final String EXIT = "exit (I)V", LEAVE = "exit (Ljava/lang/Runtime;I)V", ASSERTS = "asserts (Ljava/lang/Class;)Z";
    /** The methods that replace others, with their types. */
    private static final List<String> METHODS = new ArrayList<>(List.of(EQUAL, SAME, DEEP, ITEMS, CONTAINS, ORDER, EXIT, LEAVE, ASSERTS));
    private static final Set<String> OF_SCALA = new HashSet<>(Set.of(ALIKE, DIFFER, HOLDS, ELEMENTS));
    static {
        for (char type : PRIMITIVES.toCharArray()) {
            OF_SCALA.add(with(ALIKE, type));
            OF_SCALA.add(with(DIFFER, type));
        }
        METHODS.addAll(OF_SCALA);
    }
    /** So many constants for each of them: name, type, both, and the method. */
    private static final int PER_METHOD = 4;

    private final ByteBuffer bytes;
    private final int[] offsets;
    private final int constantsEnd;
    private final boolean apart;
    private final Set<String> asked;
    private int first;

    private CrosstuneClasses(byte[] content, boolean apart, Set<String> asked) {
        this.apart = apart;
        this.asked = asked;
        bytes = ByteBuffer.wrap(content);
        offsets = new int[bytes.getChar(8)];
        int at = 10;
        for (int number = 1; number < offsets.length; number++) {
            offsets[number] = at;
            int tag = bytes.get(at);
            if (tag == 5 || tag == 6) number++;
            at += 1 + sizeOf(tag, at);
        }
        constantsEnd = at;
    }

    /** The class, changed. ``apart``: the candidate is in another process, so only leaving is changed. ``asked`` are the
     * names that the tests use. */
    static byte[] changed(byte[] content, boolean apart, Set<String> asked) throws IOException {
        return new CrosstuneClasses(content, apart, asked).changed();
    }

    /** The method for a second operand of that primitive type. */
    private static String with(String method, char type) {
        return method.replace(";Ljava/lang/Object;)", ";" + type + ")");
    }

    private int sizeOf(int tag, int at) {
        switch (tag) {
            case UTF8: return 2 + bytes.getChar(at + 1);
            case 3: case 4: case 9: case METHOD: case INTERFACE_METHOD: case NAME_AND_TYPE: case 17: case 18: return 4;
            case 5: case 6: return 8;
            case 15: return 3;
            default: return 2;
        }
    }

    private String text(int number) {
        int at = offsets[number];
        return new String(bytes.array(), at + 3, bytes.getChar(at + 1), java.nio.charset.StandardCharsets.UTF_8);
    }

    private byte[] changed() throws IOException {
        int count = offsets.length;
        first = count + 4;
        int at = skipFields(constantsEnd + 6);
        int methods = bytes.getChar(at);
        at += 2;
        for (int method = 0; method < methods; method++) at = changeMethod(at);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(whole);
        out.write(bytes.array(), 0, 8);
        out.writeChar(first + PER_METHOD * METHODS.size());
        out.write(bytes.array(), 10, constantsEnd - 10);
        addText(out, apart ? "crosstune/Tests" : "CrosstuneJudge");
        addPair(out, CLASS, count, -1);
        addText(out, "CrosstuneScala");
        addPair(out, CLASS, count + 2, -1);
        for (int number = 0; number < METHODS.size(); number++) addMethod(out, number, count + (OF_SCALA.contains(METHODS.get(number)) ? 3 : 1));
        out.write(bytes.array(), constantsEnd, bytes.capacity() - constantsEnd);
        return whole.toByteArray();
    }

    private void addMethod(DataOutputStream out, int number, int owner) throws IOException {
        String[] words = METHODS.get(number).split(" ");
        int at = first + PER_METHOD * number;
        addText(out, words[0]);
        addText(out, words[1]);
        addPair(out, NAME_AND_TYPE, at, at + 1);
        addPair(out, METHOD, owner, at + 2);
    }

    private static void addText(DataOutputStream out, String text) throws IOException {
        out.writeByte(UTF8);
        out.writeUTF(text);
    }

    private static void addPair(DataOutputStream out, int tag, int one, int other) throws IOException {
        out.writeByte(tag);
        out.writeChar(one);
        if (other >= 0) out.writeChar(other);
    }

    private int skipFields(int at) {
        at += 2 + 2 * bytes.getChar(at);
        int fields = bytes.getChar(at);
        at += 2;
        for (int field = 0; field < fields; field++) {
            int attributes = bytes.getChar(at + 6);
            at += 8;
            for (int one = 0; one < attributes; one++) at += 6 + bytes.getInt(at + 2);
        }
        return at;
    }

    private int changeMethod(int at) {
        int attributes = bytes.getChar(at + 6);
        at += 8;
        for (int one = 0; one < attributes; one++) {
            if (text(bytes.getChar(at)).equals("Code")) changeCode(at + 14, bytes.getInt(at + 10));
            at += 6 + bytes.getInt(at + 2);
        }
        return at;
    }

    private void changeCode(int start, int length) {
        for (int at = start; at < start + length; ) {
            int code = bytes.get(at) & 0xff;
            int step = lengthOf(code, at, start);
            String instead = null;
            if (code == INVOKE_VIRTUAL || code == INVOKE_INTERFACE) instead = insteadOf(new Called(bytes.getChar(at + 1)), false);
            else if (code == INVOKE_STATIC) instead = insteadOf(new Called(bytes.getChar(at + 1)), true);
            if (instead != null) call(at, METHODS.indexOf(instead), step);
            at += step;
        }
    }

    /** The method of the judge's that replaces another; null for most. */
    private String insteadOf(Called one, boolean isStatic) {
        if (isStatic && one.is("java/lang/System", "exit", "(I)V")) return EXIT;
        if (!isStatic && (one.is("java/lang/Runtime", "exit", "(I)V") || one.is("java/lang/Runtime", "halt", "(I)V"))) return LEAVE;
        if (apart) return null;
        if (isStatic) return insteadOfStatic(one);
        if (one.is("java/lang/Class", "desiredAssertionStatus", "()Z")) return ASSERTS;
        if (one.name.equals("contains") && one.type.equals("(Ljava/lang/Object;)Z")) {
            if (one.owner.startsWith("java/util/")) return CONTAINS;
            return one.owner.startsWith("scala/collection/") && !one.owner.contains("Map") ? HOLDS : null;
        }
        if (one.name.equals("$eq$eq") || one.name.equals("$bang$eq")) return insteadOfOperator(one);
        if (one.name.equals("sameElements") && one.owner.startsWith("scala/collection/")) return ELEMENTS;
        if (one.name.equals("equals") && one.takesAny("Z")) return EQUAL;
        return one.name.equals("compareTo") && one.takesAny("I") ? ORDER : null;
    }

    /** Scala's `==` and `!=` are the same for all objects; what a class of the candidate's adds takes something narrower. */
    private String insteadOfOperator(Called one) {
        boolean own = !one.owner.startsWith("java/") && !one.owner.startsWith("scala/") && !asked.contains("==");
        if (!own || !one.type.endsWith(")Z")) return null;
        String method = one.name.equals("$eq$eq") ? ALIKE : DIFFER, taken = one.type.substring(1, one.type.length() - 2);
        if (taken.length() == 1 && PRIMITIVES.contains(taken)) return with(method, taken.charAt(0));
        boolean single = taken.startsWith("[") || taken.startsWith("L") && taken.indexOf(';') == taken.length() - 1;
        return single ? method : null;
    }

    private static String insteadOfStatic(Called one) {
        switch (one.owner) {
            case "java/util/Objects":
                if (one.name.equals("equals") && one.type.equals(BOTH)) return SAME;
                return one.name.equals("deepEquals") ? DEEP : null;
            case "java/util/Arrays":
                if (one.name.equals("deepEquals")) return DEEP;
                return one.name.equals("equals") && one.type.equals(ARRAYS) ? ITEMS : null;
            case "kotlin/jvm/internal/Intrinsics":
                return one.name.equals("areEqual") && one.type.equals(BOTH) ? SAME : null;
            case "kotlin/collections/ArraysKt":
                if (one.name.equals("contentDeepEquals")) return DEEP;
                return one.name.equals("contains") && one.type.equals("([Ljava/lang/Object;Ljava/lang/Object;)Z") ? CONTAINS : null;
            case "kotlin/collections/CollectionsKt":
                return one.name.equals("contains") && one.type.equals("(Ljava/lang/Iterable;Ljava/lang/Object;)Z") ? CONTAINS : null;
            case "scala/runtime/BoxesRunTime":
                return one.name.startsWith("equals") ? ALIKE : null;
            default:
                return null;
        }
    }

    private void call(int at, int method, int step) {
        bytes.put(at, (byte) INVOKE_STATIC).putChar(at + 1, (char) (first + PER_METHOD * method + 3));
        for (int rest = 3; rest < step; rest++) bytes.put(at + rest, (byte) 0);
    }

    /** A method that is called, by its constant. */
    private final class Called {
        final String owner, name, type;

        Called(int number) {
            int at = offsets[number], pair = offsets[bytes.getChar(at + 3)];
            owner = text(bytes.getChar(offsets[bytes.getChar(at + 1)] + 1));
            name = text(bytes.getChar(pair + 1));
            type = text(bytes.getChar(pair + 3));
        }

        boolean is(String ofClass, String named, String typed) {
            return owner.equals(ofClass) && name.equals(named) && type.equals(typed);
        }

        /** Whether it takes an object that need not be of a class of the program's. One with a narrower type than `Object`
         * counts in a class that the tests do not name: there it is what the candidate has added. */
        boolean takesAny(String result) {
            if (type.equals("(Ljava/lang/Object;)" + result)) return true;
            boolean one = type.startsWith("(L") && type.indexOf(';') == type.length() - 2 - result.length();
            String simple = owner.substring(Math.max(owner.lastIndexOf('/'), owner.lastIndexOf('$')) + 1);
            boolean objects = one && type.startsWith("(Ljava/") || type.startsWith("([L") && type.endsWith(";)" + result);
            return objects && type.endsWith(")" + result) && !owner.startsWith("java/") && !asked.contains(simple);
        }
    }

    private int lengthOf(int code, int at, int start) {
        int aligned = at + 4 - (at - start) % 4;
        if (code == TABLE_SWITCH) {
            return aligned - at + 12 + 4 * (bytes.getInt(aligned + 8) - bytes.getInt(aligned + 4) + 1);
        }
        if (code == LOOKUP_SWITCH) return aligned - at + 8 + 8 * bytes.getInt(aligned + 4);
        if (code == WIDE) return (bytes.get(at + 1) & 0xff) == INCREMENT ? 6 : 4;
        return LENGTHS.charAt(code) - '0';
    }
}
