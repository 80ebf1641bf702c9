package io.weir.tiered.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The stores that need no server keep the contract; those that do have an IT of their own.
class ObjectStoreContractTest {
    @Nested
    class Memory extends ObjectStoreContract {
        @Override
        ObjectStore open() {
            return new MemoryObjectStore();
        }
    }

    @Nested
    class WithDeadline extends ObjectStoreContract {
        @Override
        ObjectStore open() {
            return new DeadlineObjectStore(
                    new MemoryObjectStore(), Executors.newFixedThreadPool(2), Duration.ofSeconds(10));
        }
    }

    @Nested
    class LocalFolder extends ObjectStoreContract {
        @Override
        ObjectStore open() throws IOException {
            return HadoopObjectStore.open(folder.resolve("root").toUri(), Map.of());
        }

        @Test
        void itHoldsTheObjectAndNothingElse() throws IOException {
            try (ObjectStore store = open()) {
                store.put("p/q.bin", file("12"));
            }
            try (Stream<Path> all = Files.walk(folder.resolve("root"))) {
                assertThat(all.filter(Files::isRegularFile))
                        .containsExactly(folder.resolve("root").resolve("p/q.bin"));
            }
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

    @Test
    void aSchemeWithoutAStoreIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> HadoopObjectStore.open(URI.create("s4://bucket/archive"), Map.of()))
                .hasMessageContaining("s4://bucket/archive")
                .hasMessageContaining("file, s3a, hdfs");
    }
}
