package io.weir.tiered.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over S3's own protocol, and what only a store behind a network can get wrong.
class S3ObjectStoreIT extends ObjectStoreContract {
    private static final AtomicInteger ROOTS = new AtomicInteger();
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    static Path serverFolder;

    private static int port;
    private static S3Server server;

    @BeforeAll
    static void startServer() {
        port = S3Server.freePort();
        server = S3Server.start(serverFolder, port);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    ObjectStore open() throws IOException {
        return open(S3Server.BUCKET, S3Server.settings(port));
    }

    private ObjectStore open(String bucket, Map<String, String> settings) throws IOException {
        URI root = URI.create("s3a://" + bucket + "/root-" + ROOTS.incrementAndGet());
        Map<String, String> all = new HashMap<>(settings);
        all.put("fs.s3a.buffer.dir", folder.resolve("buffer").toString());
        return new DeadlineObjectStore(
                HadoopObjectStore.open(root, all, DEADLINE), Executors.newFixedThreadPool(2), DEADLINE);
    }

    @Test
    void aPutWritesTheObjectAndNothingElse() throws IOException {
        try (ObjectStore store = open()) {
            String root = "root-" + ROOTS.get() + "/";
            store.put("p/q.bin", file("12"));
            assertThat(server.keys(root)).containsExactly(root + "p/q.bin");

            store.delete("p/q.bin");
            assertThat(server.keys(root)).isEmpty();
        }
    }

    @Test
    void anObjectOfSeveralPartsComesBack() throws IOException {
        Path large = folder.resolve("large");
        byte[] mebibyte = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(large)) {
            Random random = new Random(7);
            for (int i = 0; i < 70; i++) {
                random.nextBytes(mebibyte);
                out.write(mebibyte);
            }
        }
        byte[] truth = Files.readAllBytes(large);
        try (ObjectStore store = open()) {
            store.put("large", large);

            assertThat(store.length("large")).isEqualTo(truth.length);
            for (int position : new int[] {0, (64 << 20) - 1000, truth.length - 5000}) {
                assertThat(store.read("large", position, 5000))
                        .isEqualTo(Arrays.copyOfRange(truth, position, position + 5000));
            }
        }
    }

    @Test
    void anUploadThatFailsHalfWayLeavesNoObject() throws IOException {
        try (ObjectStore store = open()) {
            assertThatThrownBy(() -> store.put("half", folder.resolve("no-such-file")))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> store.length("half")).isInstanceOf(ObjectNotFoundException.class);
        }
    }

    @Test
    void wrongCredentialsAreNamedWithTheSettingAndNotShown() throws IOException {
        try (ObjectStore store = open(S3Server.BUCKET, S3Server.wrongCredentials(port))) {
            for (FailingCall call : calls(store)) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(StoreRefusedException.class)
                        .hasMessageContaining("s3a://archive/root-")
                        .hasMessageContaining("weir.archive.hadoop.fs.s3a.access.key")
                        .hasMessageNotContainingAny("not-the-secret-value", "test-access");
            }
        }
    }

    @Test
    void aMissingBucketIsNamed() throws IOException {
        try (ObjectStore store = open("no-such-bucket", S3Server.settings(port))) {
            for (FailingCall call : calls(store)) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(StoreRefusedException.class)
                        .hasMessageContaining("no-such-bucket")
                        .hasMessageContaining("Create the bucket");
            }
        }
    }

    @Test
    void anEndpointThatDoesNotAnswerIsNamedWithinTheDeadline() throws IOException {
        long start = System.nanoTime();
        try (ObjectStore store = open(S3Server.BUCKET, S3Server.settings(1))) {
            Path local = file("1");
            for (FailingCall call : new FailingCall[] {() -> store.put("x", local), () -> store.list("folder")}) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(StoreTimeoutException.class)
                        .hasMessageContaining("s3a://archive/root-")
                        .hasMessageContaining("http://127.0.0.1:1")
                        .hasMessageContaining("weir.archive.hadoop.fs.s3a.endpoint");
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(2));
    }

    private interface FailingCall {
        void run() throws IOException;
    }

    private FailingCall[] calls(ObjectStore store) throws IOException {
        Path local = file("1");
        return new FailingCall[] {
            () -> store.put("x", local),
            () -> store.read("x", 0, 1),
            () -> store.length("x"),
            () -> store.list("folder"),
            () -> store.delete("x")
        };
    }
}
