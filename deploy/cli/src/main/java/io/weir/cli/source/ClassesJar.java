package io.weir.cli.source;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// The jar that a loaded class lies in, or one made of its folder of classes for as long as this is open.
public final class ClassesJar implements AutoCloseable {
    private final Path file;
    private final boolean temporary;

    private ClassesJar(Path file, boolean temporary) {
        this.file = file;
        this.temporary = temporary;
    }

    public static ClassesJar of(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalArgumentException("Class '" + type.getName() + "': lies neither in a jar nor a folder.");
        }
        try {
            Path place = Path.of(source.getLocation().toURI());
            return Files.isDirectory(place) ? packed(place) : new ClassesJar(place, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("Class '" + type.getName() + "': " + source.getLocation(), e);
        }
    }

    private static ClassesJar packed(Path folder) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                entries.put(folder.relativize(each).toString().replace('\\', '/'), Files.readAllBytes(each));
            }
        }
        Path jar = Files.createTempFile("weir-classes", ".jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            JarBytes.write(entries, out);
        }
        return new ClassesJar(jar, true);
    }

    public Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            if (temporary) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
