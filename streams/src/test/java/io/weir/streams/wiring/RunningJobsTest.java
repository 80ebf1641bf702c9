package io.weir.streams.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.weir.log.cluster.LogCluster;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.topic.TopicName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class RunningJobsTest {
    private final SilentLog log = new SilentLog();

    @Test
    void beforeTheLogRunsJobsAreStillStartingAndTheHealthGroupIsDown() {
        RunningJobs jobs = jobs("broker", " jobs");
        jobs.onStart(new StartupEvent());

        assertThat(log.asked).isTrue();
        assertThatThrownBy(jobs::jobs).isInstanceOfSatisfying(WeirException.class, e -> {
            assertThat(e.code()).isEqualTo("jobs-starting");
            assertThat(e.status()).isEqualTo(503);
        });
        assertThat(new JobsHealth(jobs).call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        jobs.onStop(new ShutdownEvent());
    }

    @Test
    void aNodeWithoutTheRoleNeverOpensThemAndIsHealthy() {
        RunningJobs jobs = jobs("broker", "controller");
        jobs.onStart(new StartupEvent());

        assertThat(log.asked).isFalse();
        assertThatThrownBy(jobs::jobs)
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("jobs-not-here"))
                .hasMessageContaining("weir.roles");
        assertThat(new JobsHealth(jobs).call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        jobs.onStop(new ShutdownEvent());
    }

    @Test
    void aRequestThatWaitsForJobsIsRefusedAtOnceWhenTheNodeStops() throws Exception {
        RunningJobs jobs = new RunningJobs(
                log,
                new Defaults(),
                spec -> {
                    throw new AssertionError("nothing is started");
                },
                null,
                () -> URI.create("http://127.0.0.1:8080/"),
                new JobMeters(),
                Path.of("target/never-made"),
                List.of("jobs"),
                Duration.ofHours(1));
        jobs.onStart(new StartupEvent());
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> refusal.complete(catchThrowable(jobs::jobs)));

        jobs.onStop(new ShutdownEvent());

        assertThat(refusal.get(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("jobs-starting"))
                .hasMessageContaining("this node stops");
    }

    private RunningJobs jobs(String... roles) {
        return new RunningJobs(
                log,
                new Defaults(),
                spec -> {
                    throw new AssertionError("nothing is started");
                },
                null,
                () -> URI.create("http://127.0.0.1:8080/"),
                new JobMeters(),
                Path.of("target/never-made"),
                List.of(roles),
                Duration.ofMillis(50));
    }

    private static final class SilentLog implements LogCluster {
        private boolean asked;

        @Override
        public CompletionStage<LogConnection> running() {
            asked = true;
            return new CompletableFuture<>();
        }

        @Override
        public boolean embedded() {
            return true;
        }

        @Override
        public void roll(TopicName topic, int partition) {
            throw new AssertionError("no job rolls a topic");
        }
    }

    private static final class Defaults implements JobsConfig {
        @Override
        public int threads() {
            return 1;
        }

        @Override
        public Optional<Path> stateDir() {
            return Optional.empty();
        }

        @Override
        public Duration stopTimeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Optional<MemorySize> replayMemory() {
            return Optional.empty();
        }

        @Override
        public Optional<MemorySize> memoryRocksdb() {
            return Optional.empty();
        }

        @Override
        public Optional<URI> registryUrl() {
            return Optional.empty();
        }

        @Override
        public Optional<URI> restUrl() {
            return Optional.empty();
        }
    }
}
