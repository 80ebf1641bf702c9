package io.weir.tiered.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.tiered.query.process.Deadline;
import io.weir.tiered.store.MemoryObjectStore;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
    @TempDir
    Path folder;

    private final ObjectStore store = new MemoryObjectStore();
    private FileCache cache;

    @BeforeEach
    void open() throws IOException {
        cache = new FileCache(new FileCache.Settings(folder.resolve("cache"), 100, 2), () -> store);
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private static Deadline deadline() {
        return Deadline.after(Clock.systemUTC(), Duration.ofSeconds(30));
    }

    private ColdFile stored(String name, int length) throws Exception {
        byte[] content = name.repeat(length).substring(0, length).getBytes(StandardCharsets.UTF_8);
        Path local = folder.resolve("local");
        Files.write(local, content);
        store.put(name, local);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        return new ColdFile(
                folder.resolve("cache").resolve(name + ".parquet"),
                Optional.of(name),
                length,
                sha256,
                0,
                1,
                1,
                ColdFile.Times.ANY);
    }

    private List<String> present() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileIsFetchedOnceAndThenThere() throws Exception {
        ColdFile file = stored("a", 40);

        try (FileCache.Lease first = cache.acquire(List.of(file), deadline());
                FileCache.Lease second = cache.acquire(List.of(file), deadline())) {
            assertThat(Files.readString(file.location())).isEqualTo("a".repeat(40));
            assertThat(first.fetchedBytes()).isEqualTo(40);
            assertThat(second.fetchedBytes()).isZero();
        }
        assertThat(present()).containsExactly("a.parquet");
    }

    @Test
    void whatIsReadInPlaceIsLeftAlone() {
        ColdFile local = new ColdFile(
                folder.resolve("archive.parquet"), Optional.empty(), 1_000_000, "", 0, 1, 1, ColdFile.Times.ANY);

        try (FileCache.Lease lease = cache.acquire(List.of(local), deadline())) {
            assertThat(lease.fetchedBytes()).isZero();
        }
    }

    @Test
    void theLongestUnusedFileLeavesForANewOne() throws Exception {
        ColdFile a = stored("a", 40);
        ColdFile b = stored("b", 40);
        ColdFile c = stored("c", 40);
        cache.acquire(List.of(a), deadline()).close();
        cache.acquire(List.of(b), deadline()).close();
        cache.acquire(List.of(a), deadline()).close();

        cache.acquire(List.of(c), deadline()).close();

        assertThat(present()).containsExactly("a.parquet", "c.parquet");
    }

    @Test
    void aFileInUseStays() throws Exception {
        ColdFile a = stored("a", 60);
        ColdFile b = stored("b", 60);
        try (FileCache.Lease reading = cache.acquire(List.of(a), deadline())) {
            assertThat(reading.fetchedBytes()).isEqualTo(60);
            assertThatThrownBy(() -> cache.acquire(List.of(b), deadline()))
                    .isInstanceOfSatisfying(
                            WeirException.class, e -> assertThat(e.code()).isEqualTo("sql-cache-busy"));
            assertThat(Files.readString(a.location())).hasSize(60);
        }

        cache.acquire(List.of(b), deadline()).close();
        assertThat(present()).containsExactly("b.parquet");
    }

    @Test
    void aPlanThatCanNeverFitIsRefusedWithItsSize() throws Exception {
        ColdFile a = stored("a", 60);
        ColdFile b = stored("b", 60);

        assertThatThrownBy(() -> cache.acquire(List.of(a, b), deadline()))
                .hasMessageContaining("120 bytes")
                .hasMessageContaining("'weir.sql.cache.max-bytes'")
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("plan-too-large"));
        assertThat(present()).isEmpty();
    }

    @Test
    void anObjectThatIsGoneIsNamedAndAskedForAgainTheNextTime() throws Exception {
        ColdFile file = stored("a", 40);
        store.delete("a");
        assertThatThrownBy(() -> cache.acquire(List.of(file), deadline()))
                .hasMessageContaining("does not exist")
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("archive-file-missing"));

        stored("a", 40);
        cache.acquire(List.of(file), deadline()).close();
        assertThat(Files.readString(file.location())).isEqualTo("a".repeat(40));
    }

    @Test
    void anObjectWithOtherBytesIsNotUsed() throws Exception {
        ColdFile file = stored("a", 40);
        Files.writeString(folder.resolve("local"), "b".repeat(40));
        store.put("a", folder.resolve("local"));

        assertThatThrownBy(() -> cache.acquire(List.of(file), deadline()))
                .hasMessageContaining("SHA-256")
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("archive-corrupt"));
        assertThat(present()).isEmpty();
    }

    @Test
    void aStatementWhoseTimeIsUpDoesNotWait() throws Exception {
        ColdFile file = stored("a", 40);
        Deadline over = deadline();
        over.cancel();

        cache.acquire(List.of(file), over).close();
        try (FileCache.Lease next = cache.acquire(List.of(file), deadline())) {
            assertThat(next.fetchedBytes()).isZero();
            assertThat(file.location()).exists();
        }
    }

    @Test
    void aNewProcessTakesOverWhatWasFetchedButNotWhatWasUnfinished() throws Exception {
        ColdFile a = stored("a", 60);
        ColdFile b = stored("b", 30);
        cache.acquire(List.of(a, b), deadline()).close();
        Files.writeString(folder.resolve("cache").resolve("c.parquet.1.part"), "half");
        cache.close();

        open();

        assertThat(present()).containsExactly("a.parquet", "b.parquet");
        try (FileCache.Lease lease = cache.acquire(List.of(a), deadline())) {
            assertThat(lease.fetchedBytes()).isZero();
        }
    }

    @Test
    void whatTurnsOutWrongIsFetchedAgain() throws Exception {
        ColdFile file = stored("a", 40);
        cache.acquire(List.of(file), deadline()).close();
        Files.writeString(file.location(), "changed by hand");

        cache.forget(List.of(file));
        cache.acquire(List.of(file), deadline()).close();

        assertThat(Files.readString(file.location())).isEqualTo("a".repeat(40));
    }
}
