package io.weir.tiered.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every store must do. Each test gets a store whose root is empty.
abstract class ObjectStoreContract {
    @TempDir
    Path folder;

    abstract ObjectStore open() throws IOException;

    final Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("local"), text);
    }

    static String text(ObjectStore store, String path, long position, int length) throws IOException {
        return new String(store.read(path, position, length), StandardCharsets.UTF_8);
    }

    @Test
    void whatWasPutIsReadByRange() throws IOException {
        try (ObjectStore store = open()) {
            store.put("a/b/c.bin", file("0123456789"));

            assertThat(store.length("a/b/c.bin")).isEqualTo(10);
            assertThat(text(store, "a/b/c.bin", 0, 10)).isEqualTo("0123456789");
            assertThat(text(store, "a/b/c.bin", 3, 4)).isEqualTo("3456");
            assertThat(text(store, "a/b/c.bin", 9, 1)).isEqualTo("9");
        }
    }

    @Test
    void aFolderListsItsObjectsAndItsFolders() throws IOException {
        try (ObjectStore store = open()) {
            store.put("a/b/c.bin", file("0123456789"));
            store.put("a/b/d.bin", file("01"));
            store.put("a/e/f.bin", file("1"));

            assertThat(store.list("a/b")).containsExactlyInAnyOrder("c.bin", "d.bin");
            assertThat(store.list("a")).isEmpty();
            assertThat(store.folders("a")).containsExactlyInAnyOrder("b", "e");
            assertThat(store.objects("a/b"))
                    .extracting(StoredObject::name, StoredObject::lengthBytes)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple("c.bin", 10L),
                            org.assertj.core.groups.Tuple.tuple("d.bin", 2L));
            assertThat(store.list("no")).isEmpty();
            assertThat(store.folders("no")).isEmpty();
            assertThat(store.objects("no")).isEmpty();
        }
    }

    @Test
    void aSecondPutReplaces() throws IOException {
        try (ObjectStore store = open()) {
            store.put("x", file("old and longer"));
            store.put("x", file("new"));

            assertThat(text(store, "x", 0, 3)).isEqualTo("new");
            assertThat(store.length("x")).isEqualTo(3);
        }
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        try (ObjectStore store = open()) {
            store.put("no/such/thing", file("1"));

            assertThatThrownBy(() -> store.length("no/such/object"))
                    .isInstanceOf(ObjectNotFoundException.class)
                    .hasMessageContaining("no/such/object");
            assertThatThrownBy(() -> store.read("no/such/object", 0, 1)).isInstanceOf(ObjectNotFoundException.class);
            assertThatThrownBy(() -> store.length("no/such")).isInstanceOf(ObjectNotFoundException.class);
        }
    }

    @Test
    void deletingTwiceIsNoErrorAndLeavesNothing() throws IOException {
        try (ObjectStore store = open()) {
            store.put("p/x", file("1"));
            store.delete("p/x");
            store.delete("p/x");
            store.delete("never/there");

            assertThatThrownBy(() -> store.length("p/x")).isInstanceOf(ObjectNotFoundException.class);
            assertThat(store.objects("p")).isEmpty();
        }
    }

    @Test
    void aReadBeyondTheEndFails() throws IOException {
        try (ObjectStore store = open()) {
            store.put("x", file("12"));

            assertThatThrownBy(() -> store.read("x", 1, 5)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> store.read("x", 7, 1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anEmptyObjectIsAnObject() throws IOException {
        try (ObjectStore store = open()) {
            store.put("empty", file(""));

            assertThat(store.length("empty")).isZero();
            assertThat(store.read("empty", 0, 0)).isEmpty();
        }
    }
}
