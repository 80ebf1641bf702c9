package io.weir.tiered.store;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// S3Proxy on loopback, its objects in memory, with one bucket.
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "archive";
    private static final String KEY = "test-access";
    private static final String SECRET = "test-secret-value";

    private final ServerProcess process;
    private final int port;

    private S3Server(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    public static int freePort() {
        return ServerProcess.freePort();
    }

    /// @param port a free one
    public static S3Server start(Path folder, int port) {
        try {
            Path properties = Files.createDirectories(folder).resolve("s3proxy.properties");
            Files.writeString(
                    properties,
                    String.join(
                            "\n",
                            "s3proxy.endpoint=http://127.0.0.1:" + port,
                            "s3proxy.authorization=aws-v2-or-v4",
                            "s3proxy.identity=" + KEY,
                            "s3proxy.credential=" + SECRET,
                            "s3proxy.v4-max-non-chunked-request-size=134217728",
                            "jclouds.provider=transient-nio2",
                            "jclouds.identity=unused",
                            "jclouds.credential=unused"));
            S3Server server = new S3Server(
                    ServerProcess.start(
                            jar -> !jar.startsWith("hadoop-"),
                            folder,
                            List.of("-Xmx768m"),
                            List.of("org.gaul.s3proxy.Main", "--properties", properties.toString())),
                    port);
            server.awaitBucket();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitBucket() {
        try {
            await("S3 server")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        process.requireAlive();
                        return listens();
                    });
            try (S3Client client = client()) {
                client.createBucket(request -> request.bucket(BUCKET));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw new IllegalStateException("S3 server: " + process.said(), e);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Amazon's own client.
    public S3Client client() {
        return S3Client.builder()
                .endpointOverride(URI.create(endpoint(port)))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    /// Keys of all objects below a prefix.
    public List<String> keys(String prefix) {
        try (S3Client client = client()) {
            return client
                    .listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix))
                    .contents()
                    .stream()
                    .map(object -> object.key())
                    .toList();
        }
    }

    private static String endpoint(int port) {
        return "http://127.0.0.1:" + port;
    }

    /// Settings of Hadoop that reach the server at this port, whether it runs or not.
    public static Map<String, String> settings(int port) {
        return Map.of("fs.s3a.endpoint", endpoint(port), "fs.s3a.access.key", KEY, "fs.s3a.secret.key", SECRET);
    }

    /// The same with a key that the server does not know.
    public static Map<String, String> wrongCredentials(int port) {
        return Map.of(
                "fs.s3a.endpoint",
                endpoint(port),
                "fs.s3a.access.key",
                KEY,
                "fs.s3a.secret.key",
                "not-the-secret-value");
    }

    @Override
    public void close() {
        process.close();
    }
}
