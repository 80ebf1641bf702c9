package io.weir.cli.source;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes jars whose bytes follow from their contents alone: sorted entries, one fixed time.
final class JarBytes {
    /// The first moment that a zip entry can name.
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private JarBytes() {}

    /// @param entries by name
    /// @param out stays open
    static void write(Map<String, byte[]> entries, OutputStream out) throws IOException {
        SortedMap<String, byte[]> sorted = new TreeMap<>(entries);
        ZipOutputStream zip = new ZipOutputStream(out);
        byte[] manifest = sorted.remove(JarFile.MANIFEST_NAME);
        if (manifest != null) {
            add(zip, JarFile.MANIFEST_NAME, manifest); // stands first in a jar
        }
        for (Map.Entry<String, byte[]> entry : sorted.entrySet()) {
            add(zip, entry.getKey(), entry.getValue());
        }
        zip.finish();
    }

    private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
