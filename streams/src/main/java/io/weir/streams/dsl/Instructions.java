package io.weir.streams.dsl;

/// The lengths of the JVM's instructions (JVM specification, chapter 6).
final class Instructions {
    private static final int LDC = 0x12;
    private static final int LDC_W = 0x13;
    private static final int LDC2_W = 0x14;
    private static final int TABLESWITCH = 0xaa;
    private static final int LOOKUPSWITCH = 0xab;
    private static final int GETSTATIC = 0xb2;
    private static final int INVOKEDYNAMIC = 0xba;
    private static final int WIDE = 0xc4;
    private static final int IINC = 0x84;

    private Instructions() {}

    /// The length of the instruction at that place, in bytes.
    static int length(byte[] code, int at) {
        int opcode = code[at] & 0xff;
        return switch (opcode) {
            case TABLESWITCH -> {
                int operands = aligned(at);
                yield operands - at + 12 + 4 * (number(code, operands + 8) - number(code, operands + 4) + 1);
            }
            case LOOKUPSWITCH -> {
                int operands = aligned(at);
                yield operands - at + 8 + 8 * number(code, operands + 4);
            }
            case WIDE -> (code[at + 1] & 0xff) == IINC ? 6 : 4;
            // bipush, ldc, loads and stores with an index, ret, newarray
            case 0x10, LDC, 0x15, 0x16, 0x17, 0x18, 0x19, 0x36, 0x37, 0x38, 0x39, 0x3a, 0xa9, 0xbc -> 2;
            // multianewarray
            case 0xc5 -> 4;
            // invokeinterface, invokedynamic, goto_w, jsr_w
            case 0xb9, INVOKEDYNAMIC, 0xc8, 0xc9 -> 5;
            // sipush, ldc_w, ldc2_w, iinc, branches, members and types
            case 0x11, LDC_W, LDC2_W, IINC, 0xc6, 0xc7, 0xbb, 0xbd, 0xc0, 0xc1 -> 3;
            default -> (opcode >= 0x99 && opcode <= 0xa8) || (opcode >= GETSTATIC && opcode <= 0xb8) ? 3 : 1;
        };
    }

    /// The index into the constant pool that the instruction names, 0 if it names none.
    static int constantIndex(byte[] code, int at) {
        int opcode = code[at] & 0xff;
        return switch (opcode) {
            case LDC -> code[at + 1] & 0xff;
            // and new, anewarray, checkcast, instanceof, multianewarray
            case LDC_W, LDC2_W, 0xbb, 0xbd, 0xc0, 0xc1, 0xc5 -> index(code, at + 1);
            default -> opcode >= GETSTATIC && opcode <= INVOKEDYNAMIC ? index(code, at + 1) : 0;
        };
    }

    private static int aligned(int at) {
        return (at + 4) & ~3;
    }

    private static int index(byte[] code, int at) {
        return (code[at] & 0xff) << 8 | (code[at + 1] & 0xff);
    }

    private static int number(byte[] code, int at) {
        return index(code, at) << 16 | index(code, at + 2);
    }
}
