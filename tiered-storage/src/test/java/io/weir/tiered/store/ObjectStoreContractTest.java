package io.weir.tiered.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every store must do.
class ObjectStoreContractTest {
    @TempDir
    Path folder;

    enum Kind {
        MEMORY,
        HADOOP_LOCAL,
        WITH_DEADLINE
    }

    private ObjectStore open(Kind kind) throws IOException {
        return switch (kind) {
            case MEMORY -> new MemoryObjectStore();
            case HADOOP_LOCAL -> HadoopObjectStore.open(folder.resolve("root").toUri(), Map.of());
            case WITH_DEADLINE ->
                new DeadlineObjectStore(
                        new MemoryObjectStore(), Executors.newFixedThreadPool(2), Duration.ofSeconds(10));
        };
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("local"), text);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasPutIsReadByRange(Kind kind) throws IOException {
        try (ObjectStore store = open(kind)) {
            store.put("a/b/c.bin", file("0123456789"));

            assertThat(store.length("a/b/c.bin")).isEqualTo(10);
            assertThat(new String(store.read("a/b/c.bin", 3, 4), StandardCharsets.UTF_8))
                    .isEqualTo("3456");
            assertThat(store.list("a/b")).containsExactly("c.bin");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSecondPutReplaces(Kind kind) throws IOException {
        try (ObjectStore store = open(kind)) {
            store.put("x", file("old and longer"));
            store.put("x", file("new"));

            assertThat(new String(store.read("x", 0, 3), StandardCharsets.UTF_8))
                    .isEqualTo("new");
            assertThat(store.length("x")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsNamed(Kind kind) throws IOException {
        try (ObjectStore store = open(kind)) {
            assertThatThrownBy(() -> store.length("no/such"))
                    .isInstanceOf(ObjectNotFoundException.class)
                    .hasMessageContaining("no/such");
            assertThatThrownBy(() -> store.read("no/such", 0, 1)).isInstanceOf(ObjectNotFoundException.class);
            assertThat(store.list("no")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void deletingTwiceIsNoError(Kind kind) throws IOException {
        try (ObjectStore store = open(kind)) {
            store.put("x", file("1"));
            store.delete("x");
            store.delete("x");

            assertThatThrownBy(() -> store.length("x")).isInstanceOf(ObjectNotFoundException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadBeyondTheEndFails(Kind kind) throws IOException {
        try (ObjectStore store = open(kind)) {
            store.put("x", file("12"));

            assertThatThrownBy(() -> store.read("x", 1, 5)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLocalFolderHoldsTheObjectAndNothingElse() throws IOException {
        try (ObjectStore store = open(Kind.HADOOP_LOCAL)) {
            store.put("p/q.bin", file("12"));
        }
        try (Stream<Path> all = Files.walk(folder.resolve("root"))) {
            assertThat(all.filter(Files::isRegularFile))
                    .containsExactly(folder.resolve("root").resolve("p/q.bin"));
        }
    }

    @Test
    void aStoreThatHangsIsGivenUp() throws IOException {
        FailingObjectStore hanging = new FailingObjectStore(new MemoryObjectStore(), 1, 0);
        hanging.hang = true;
        try (ObjectStore store =
                new DeadlineObjectStore(hanging, Executors.newFixedThreadPool(2), Duration.ofMillis(100))) {
            assertThatThrownBy(() -> store.length("x"))
                    .isInstanceOf(StoreTimeoutException.class)
                    .hasMessageContaining("weir.archive.store.deadline");
        }
    }

    @Test
    void anArchiveWithoutSchemeIsRefusedWithTheFix() {
        assertThatThrownBy(() -> HadoopObjectStore.open(URI.create("/mnt/archive"), Map.of()))
                .hasMessageContaining("file:///mnt/archive");
    }
}
