package io.weir.streams.dsl;

import io.weir.streams.dsl.ClassFile.Member;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Fingerprints of code: a hash over the instructions of a method, with the constants they name, and over
/// all methods it calls in classes of the same loader that are not the platform's or Weir's. Line numbers,
/// the order of the constant pool and the numbers that the compiler gives to lambdas take no part.
final class Bytecode {
    private static final Pattern NUMBERED = Pattern.compile("lambda\\$([^$]*)\\$\\d+");
    private static final List<String> NOT_FOLLOWED =
            List.of("java/", "javax/", "jdk/", "sun/", "io/weir/streams/dsl/", "org/apache/kafka/", "org/slf4j/");

    private final @Nullable ClassLoader loader;
    private final Map<String, @Nullable ClassFile> classes = new HashMap<>();
    private final Set<Member> visited = new HashSet<>();
    private final StringBuilder text = new StringBuilder();

    private Bytecode(@Nullable ClassLoader loader) {
        this.loader = loader;
    }

    /// Of a lambda or method reference.
    static String fingerprint(SerializedLambda form, @Nullable ClassLoader loader) {
        Bytecode bytecode = new Bytecode(loader);
        for (int i = 0; i < form.getCapturedArgCount(); i++) {
            bytecode.text.append(captured(form.getCapturedArg(i))).append(';');
        }
        bytecode.follow(new Member(form.getImplClass(), form.getImplMethodName(), form.getImplMethodSignature()));
        return Fingerprint.of(bytecode.text.toString());
    }

    /// Of all methods of an object's class, and of what its fields hold.
    static String fingerprint(Object code) {
        Class<?> type = code.getClass();
        Bytecode bytecode = new Bytecode(type.getClassLoader());
        String name = type.getName().replace('.', '/');
        for (java.lang.reflect.Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
                bytecode.text
                        .append(field.getName())
                        .append('=')
                        .append(captured(value(field, code)))
                        .append(';');
            }
        }
        ClassFile file = bytecode.read(name);
        for (String method : file == null ? List.<String>of() : file.methods()) {
            int open = method.indexOf('(');
            bytecode.follow(new Member(name, method.substring(0, open), method.substring(open)));
        }
        return Fingerprint.of(name + bytecode.text);
    }

    /// A constant that a lambda has captured is part of what it does; of other objects only the class is.
    private static String captured(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String constant -> constant;
            case Number constant -> constant.toString();
            case Boolean constant -> constant.toString();
            case Enum<?> constant -> constant.name();
            default -> value.getClass().getName();
        };
    }

    private static @Nullable Object value(java.lang.reflect.Field field, Object code) {
        try {
            return field.get(code);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field.toString(), e);
        }
    }

    private void follow(Member method) {
        if (!visited.add(method) || NOT_FOLLOWED.stream().anyMatch(method.owner()::startsWith)) {
            return;
        }
        ClassFile file = read(method.owner());
        if (file != null) {
            append(file, file.code(method.name(), method.descriptor()));
        }
    }

    private void append(ClassFile file, byte[] code) {
        text.append('{');
        for (int at = 0; at < code.length; at += Instructions.length(code, at)) {
            int operand = Instructions.constantIndex(code, at);
            if (operand == 0) {
                for (int i = at; i < at + Instructions.length(code, at); i++) {
                    text.append(Integer.toHexString(code[i] & 0xff)).append(' ');
                }
                continue;
            }
            text.append(Integer.toHexString(code[at] & 0xff))
                    .append(NUMBERED.matcher(file.constant(operand)).replaceAll("lambda"))
                    .append(' ');
            if (file.isMember(operand)) {
                follow(file.member(operand));
            }
            file.lambdaBodies(operand).forEach(this::follow);
        }
        text.append('}');
    }

    private @Nullable ClassFile read(String type) {
        if (classes.containsKey(type)) {
            return classes.get(type);
        }
        ClassFile file = null;
        try (InputStream in = loader == null ? null : loader.getResourceAsStream(type + ".class")) {
            file = in == null ? null : ClassFile.read(in.readAllBytes());
        } catch (IOException unreadable) {
            text.append("unreadable ").append(type);
        }
        classes.put(type, file);
        return file;
    }
}
