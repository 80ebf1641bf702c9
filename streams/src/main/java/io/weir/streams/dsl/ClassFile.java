package io.weir.streams.dsl;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The parts of a class file (JVM specification, chapter 4) that a fingerprint needs: the constant pool,
/// the code of each method, and the bootstrap methods of its lambdas.
final class ClassFile {
    private static final int MAGIC = 0xCAFEBABE;

    /// A reference to a method or field: owner, name, descriptor.
    record Member(String owner, String name, String descriptor) {}

    /// An entry of the constant pool: its tag, its two indexes (or 0), and its text or number.
    private record Constant(int tag, int first, int second, String text) {}

    private final Constant[] pool;
    private final Map<String, byte[]> code = new HashMap<>();
    private final List<int[]> bootstraps = new ArrayList<>();

    private ClassFile(Constant[] pool) {
        this.pool = pool;
    }

    static ClassFile read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != MAGIC) {
            throw new IOException("no class file");
        }
        in.readInt();
        ClassFile file = new ClassFile(readPool(in));
        in.skipNBytes(6);
        in.skipNBytes(2L * in.readUnsignedShort());
        file.readMembers(in, false);
        file.readMembers(in, true);
        file.readAttributes(in);
        return file;
    }

    /// The bytecode of a method, empty when it has none here.
    byte[] code(String name, String descriptor) {
        return code.getOrDefault(name + descriptor, new byte[0]);
    }

    /// Names and descriptors of the methods, joined.
    List<String> methods() {
        return code.keySet().stream().sorted().toList();
    }

    /// What the instruction operand at that index of the pool means, independent of the order of the pool.
    String constant(int index) {
        Constant constant = pool[index];
        return switch (constant.tag) {
            case 9, 10, 11 -> member(index).toString();
            case 7, 8, 16, 19, 20 -> constant.tag + ":" + text(constant.first);
            case 12 -> text(constant.first) + text(constant.second);
            case 15 -> constant.first + ":" + constant(constant.second);
            case 17, 18 -> constant(constant.second) + bootstrapText(constant.first);
            default -> constant.tag + ":" + constant.text;
        };
    }

    boolean isMember(int index) {
        int tag = pool[index].tag;
        return tag == 9 || tag == 10 || tag == 11;
    }

    Member member(int index) {
        Constant constant = pool[index];
        Constant nameAndType = pool[constant.second];
        return new Member(text(pool[constant.first].first), text(nameAndType.first), text(nameAndType.second));
    }

    /// The methods that an `invokedynamic` at that index of the pool hands to its bootstrap: the lambda's
    /// body.
    List<Member> lambdaBodies(int index) {
        List<Member> bodies = new ArrayList<>();
        if (pool[index].tag == 18) {
            int[] bootstrap = bootstraps.get(pool[index].first);
            for (int i = 1; i < bootstrap.length; i++) {
                if (pool[bootstrap[i]].tag == 15) {
                    bodies.add(member(pool[bootstrap[i]].second));
                }
            }
        }
        return bodies;
    }

    private String bootstrapText(int index) {
        StringBuilder text = new StringBuilder();
        for (int argument : bootstraps.get(index)) {
            if (pool[argument].tag != 15) {
                text.append(',').append(constant(argument));
            }
        }
        return text.toString();
    }

    private String text(int index) {
        return pool[index].text.isEmpty() && pool[index].tag != 1 ? text(pool[index].first) : pool[index].text;
    }

    private static Constant[] readPool(DataInputStream in) throws IOException {
        Constant[] pool = new Constant[in.readUnsignedShort()];
        pool[0] = new Constant(0, 0, 0, "");
        for (int i = 1; i < pool.length; i++) {
            int tag = in.readUnsignedByte();
            pool[i] = switch (tag) {
                case 1 -> new Constant(tag, 0, 0, in.readUTF());
                case 3, 4 -> new Constant(tag, 0, 0, String.valueOf(in.readInt()));
                case 5, 6 -> new Constant(tag, 0, 0, String.valueOf(in.readLong()));
                case 7, 8, 16, 19, 20 -> new Constant(tag, in.readUnsignedShort(), 0, "");
                case 15 -> new Constant(tag, in.readUnsignedByte(), in.readUnsignedShort(), "");
                default -> new Constant(tag, in.readUnsignedShort(), in.readUnsignedShort(), "");
            };
            if (tag == 5 || tag == 6) {
                pool[++i] = new Constant(0, 0, 0, "");
            }
        }
        return pool;
    }

    private void readMembers(DataInputStream in, boolean methods) throws IOException {
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            in.readUnsignedShort();
            String member = text(in.readUnsignedShort()) + text(in.readUnsignedShort());
            int attributes = in.readUnsignedShort();
            for (int j = 0; j < attributes; j++) {
                String name = text(in.readUnsignedShort());
                byte[] content = in.readNBytes(in.readInt());
                if (methods && name.equals("Code")) {
                    code.put(member, codeOf(content));
                }
            }
        }
    }

    private static byte[] codeOf(byte[] attribute) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(attribute));
        in.readInt();
        return in.readNBytes(in.readInt());
    }

    private void readAttributes(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            String name = text(in.readUnsignedShort());
            byte[] content = in.readNBytes(in.readInt());
            if (name.equals("BootstrapMethods")) {
                readBootstraps(new DataInputStream(new ByteArrayInputStream(content)));
            }
        }
    }

    private void readBootstraps(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            int method = in.readUnsignedShort();
            int[] bootstrap = new int[in.readUnsignedShort() + 1];
            bootstrap[0] = method;
            for (int j = 1; j < bootstrap.length; j++) {
                bootstrap[j] = in.readUnsignedShort();
            }
            bootstraps.add(bootstrap);
        }
    }
}
