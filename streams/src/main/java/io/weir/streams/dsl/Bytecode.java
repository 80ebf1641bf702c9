package io.weir.streams.dsl;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.SerializedLambda;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Fingerprints of code.
final class Bytecode {
    private Bytecode() {}

    static String fingerprint(SerializedLambda form, @Nullable ClassLoader loader) {
        return Fingerprint.of(form.getImplMethodName() + read(form.getImplClass(), loader));
    }

    static String fingerprint(Class<?> type) {
        return Fingerprint.of(read(type.getName().replace('.', '/'), type.getClassLoader()));
    }

    private static String read(String type, @Nullable ClassLoader loader) {
        try (InputStream in = loader == null ? null : loader.getResourceAsStream(type + ".class")) {
            return in == null ? type : Arrays.toString(in.readAllBytes());
        } catch (IOException e) {
            return type + new String(new byte[0], StandardCharsets.UTF_8);
        }
    }
}
