import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

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

    private final ByteBuffer bytes;
    private final int[] offsets;
    private final int constantsEnd;
    private final boolean apart;
    private int equal, same, exit, leave, asserts;

    private CrosstuneClasses(byte[] content, boolean apart) {
        this.apart = apart;
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

    /** The class, changed. ``apart``: the candidate is in another process, so only leaving is changed. */
    static byte[] changed(byte[] content, boolean apart) throws IOException {
        return new CrosstuneClasses(content, apart).changed();
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
        equal = count + 5;
        same = count + 8;
        exit = count + 12;
        leave = count + 15;
        asserts = count + 19;
        int at = skipFields(constantsEnd + 6);
        int methods = bytes.getChar(at);
        at += 2;
        for (int method = 0; method < methods; method++) at = changeMethod(at);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(whole);
        out.write(bytes.array(), 0, 8);
        out.writeChar(count + 20);
        out.write(bytes.array(), 10, constantsEnd - 10);
        addConstants(out, count);
        out.write(bytes.array(), constantsEnd, bytes.capacity() - constantsEnd);
        return whole.toByteArray();
    }

    private void addConstants(DataOutputStream out, int first) throws IOException {
        addText(out, apart ? "crosstune/Tests" : "CrosstuneJudge");
        addPair(out, CLASS, first, -1);
        addText(out, "equal");
        addText(out, "(Ljava/lang/Object;Ljava/lang/Object;)Z");
        addPair(out, NAME_AND_TYPE, first + 2, first + 3);
        addPair(out, METHOD, first + 1, first + 4);
        addText(out, "same");
        addPair(out, NAME_AND_TYPE, first + 6, first + 3);
        addPair(out, METHOD, first + 1, first + 7);
        addText(out, "exit");
        addText(out, "(I)V");
        addPair(out, NAME_AND_TYPE, first + 9, first + 10);
        addPair(out, METHOD, first + 1, first + 11);
        addText(out, "(Ljava/lang/Runtime;I)V");
        addPair(out, NAME_AND_TYPE, first + 9, first + 13);
        addPair(out, METHOD, first + 1, first + 14);
        addText(out, "asserts");
        addText(out, "(Ljava/lang/Class;)Z");
        addPair(out, NAME_AND_TYPE, first + 16, first + 17);
        addPair(out, METHOD, first + 1, first + 18);
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
            if (code == INVOKE_VIRTUAL || code == INVOKE_INTERFACE) {
                if (!apart && means(bytes.getChar(at + 1), "equals", "(Ljava/lang/Object;)Z", "")) call(at, equal, step);
                else if (means(bytes.getChar(at + 1), "exit", "(I)V", "java/lang/Runtime")) call(at, leave, step);
                else if (means(bytes.getChar(at + 1), "halt", "(I)V", "java/lang/Runtime")) call(at, leave, step);
                else if (!apart && means(bytes.getChar(at + 1), "desiredAssertionStatus", "()Z", "java/lang/Class")) call(at, asserts, step);
            } else if (code == INVOKE_STATIC) {
                String type = "(Ljava/lang/Object;Ljava/lang/Object;)Z";
                if (!apart && means(bytes.getChar(at + 1), "equals", type, "java/util/Objects")) call(at, same, step);
                else if (means(bytes.getChar(at + 1), "exit", "(I)V", "java/lang/System")) call(at, exit, step);
            }
            at += step;
        }
    }

    private void call(int at, int method, int step) {
        bytes.put(at, (byte) INVOKE_STATIC).putChar(at + 1, (char) method);
        for (int rest = 3; rest < step; rest++) bytes.put(at + rest, (byte) 0);
    }

    private boolean means(int number, String name, String type, String owner) {
        int at = offsets[number];
        int pair = offsets[bytes.getChar(at + 3)];
        return text(bytes.getChar(pair + 1)).equals(name)
            && text(bytes.getChar(pair + 3)).equals(type)
            && (owner.isEmpty() || text(bytes.getChar(offsets[bytes.getChar(at + 1)] + 1)).equals(owner));
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
