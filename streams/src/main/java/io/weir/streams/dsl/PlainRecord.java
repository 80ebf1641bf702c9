package io.weir.streams.dsl;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/// Tells whether a record class is no more than its components: the compiler's own constructor and accessors. Then
/// making a record never fails, and a component is what was put in. Read from the class file, instruction by
/// instruction; what cannot be read is not plain.
final class PlainRecord {
    private static final int ALOAD = 0x19;
    private static final int ALOAD_0 = 0x2a;
    private static final int RETURN = 0xb1;
    private static final int GETFIELD = 0xb4;
    private static final int PUTFIELD = 0xb5;
    private static final int INVOKESPECIAL = 0xb7;

    private final ClassFile file;
    private final String owner;
    private final RecordComponent[] components;

    private PlainRecord(ClassFile file, Class<?> type) {
        this.file = file;
        this.owner = type.getName().replace('.', '/');
        this.components = type.getRecordComponents();
    }

    static boolean is(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        String resource = type.getName().replace('.', '/') + ".class";
        try (InputStream in = !type.isRecord() || loader == null ? null : loader.getResourceAsStream(resource)) {
            if (in == null) {
                return false;
            }
            PlainRecord record = new PlainRecord(ClassFile.read(in.readAllBytes()), type);
            return record.isMadeOfComponents()
                    && Arrays.stream(record.components).allMatch(record::isGivenAsItIs);
        } catch (IOException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    /// `aload_0, invokespecial Record.<init>`, for each component `aload_0, load, putfield`, at last `return`.
    private boolean isMadeOfComponents() {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        byte[] code =
                file.code("<init>", MethodType.methodType(void.class, types).toMethodDescriptorString());
        if (!isAt(code, 0, ALOAD_0)
                || !isAt(code, 1, INVOKESPECIAL)
                || !member(code, 1).owner().equals("java/lang/Record")) {
            return false;
        }
        int at = 4;
        int slot = 1;
        for (RecordComponent component : components) {
            int load = ALOAD - 4 + kind(component.getType());
            boolean isShort = slot <= 3;
            if (!isAt(code, at, ALOAD_0)
                    || !isAt(code, at + 1, isShort ? 0x1a + 4 * kind(component.getType()) + slot : load)
                    || !(isShort || isAt(code, at + 2, slot))) {
                return false;
            }
            at += isShort ? 2 : 3;
            if (!isAt(code, at, PUTFIELD) || !isField(member(code, at), component)) {
                return false;
            }
            at += 3;
            slot += component.getType() == long.class || component.getType() == double.class ? 2 : 1;
        }
        return isAt(code, at, RETURN) && code.length == at + 1;
    }

    /// `aload_0, getfield`, and a return.
    private boolean isGivenAsItIs(RecordComponent component) {
        byte[] code = file.code(
                component.getName(), MethodType.methodType(component.getType()).toMethodDescriptorString());
        return code.length == 5
                && isAt(code, 0, ALOAD_0)
                && isAt(code, 1, GETFIELD)
                && isField(member(code, 1), component);
    }

    private boolean isField(ClassFile.Member field, RecordComponent component) {
        return field.owner().equals(owner) && field.name().equals(component.getName());
    }

    private ClassFile.Member member(byte[] code, int at) {
        return file.member(Instructions.constantIndex(code, at));
    }

    private static boolean isAt(byte[] code, int at, int opcode) {
        return at < code.length && (code[at] & 0xff) == opcode;
    }

    /// Among the instructions that load a variable: int, long, float, double, reference.
    private static int kind(Class<?> type) {
        if (!type.isPrimitive()) {
            return 4;
        }
        if (type == long.class) {
            return 1;
        }
        if (type == float.class) {
            return 2;
        }
        return type == double.class ? 3 : 0;
    }
}
