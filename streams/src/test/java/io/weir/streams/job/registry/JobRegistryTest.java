package io.weir.streams.job.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.log.journal.Entry;
import io.weir.streams.job.MemoryJournal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobRegistryTest {
    private static final Instant T1 = JobTest.T0.plusSeconds(1);

    private final MemoryJournal<JobCatalog> journal = new MemoryJournal<>(JobCatalog.empty(), JobCatalog.fold());
    private final JobRegistry registry = new JobRegistry(journal);

    @BeforeEach
    void oneJob() {
        registry.create(
                new JobName("orders"), new JobEvent.Deployed(JobTest.T0, JobTest.version(), java.util.Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"starting", "live", "stopping", "stopped", "failed", "deleting"})
    void aJobInAnyStateReadsBackEqual(String state) {
        Job job = JobTest.in(state);
        journal.append(new Entry("orders", new JobJson().write(job)));

        assertThat(registry.known().jobs()).containsEntry("orders", job);
    }

    @ParameterizedTest
    @ValueSource(strings = {"planned", "replaying", "shadow", "holding", "warm", "failed2"})
    void aJobWithASecondVersionReadsBackEqual(String state) {
        Job job = JobTest.second(state);
        journal.append(new Entry("orders", new JobJson().write(job)));

        assertThat(registry.known().unreadable()).isEmpty();
        assertThat(registry.known().jobs()).containsEntry("orders", job);
    }

    @Test
    void aJobOfTheFirstFormatIsReadAndWrittenBackAsOurs() {
        String old = """
                {"weir":"job/1","name":"old","rev":3,"live":1,"versions":[{"number":1,"artifact":"ab","className":"shop.Copy",
                "config":{},"applicationId":"old.v1","plan":{"json":{},"text":"","sources":["a"],"sinks":["b"]},
                "created":"2026-11-20T08:00:00Z","state":{"kind":"stopped","since":"2026-11-20T08:00:00Z","positions":{}},
                "restarts":0}],"operations":[{"id":"op-1","kind":"DEPLOY","version":1,"state":"DONE",
                "started":"2026-11-20T08:00:00Z","ended":null,"problem":""}],"nextOperation":2,
                "last":{"at":"2026-11-20T08:00:00Z","event":"stopped"}}""";
        journal.append(new Entry("old", old.getBytes(StandardCharsets.UTF_8)));

        assertThat(registry.known().unreadable()).isEmpty();
        Job job = registry.change("old", OptionalLong.of(3), found -> Transitions.start(found, T1));
        assertThat(job.state()).isEqualTo(new JobState.Starting(T1, JobState.Aim.LIVE));
        assertThat(job.liveVersion().outputs().real()).isTrue();
        assertThat(new String(journal.log().getLast().value(), StandardCharsets.UTF_8))
                .contains("job/4");
    }

    @Test
    void whatTheCompactedTopicHoldsEqualsWhatIsInMemory() {
        registry.note("orders", job -> Transitions.ran(job, 1, T1));
        registry.change("orders", OptionalLong.empty(), job -> Transitions.stop(job, T1));
        registry.note(
                "orders", job -> Transitions.cameToRest(job, 1, Map.of("orders-0", new JobState.Position(3, "x")), T1));
        registry.create(new JobName("other"), new JobEvent.Deployed(JobTest.T0, JobTest.version(), java.util.Map.of()));
        registry.remove("other");

        MemoryJournal<JobCatalog> recovered = new MemoryJournal<>(JobCatalog.empty(), JobCatalog.fold());
        journal.compacted().forEach(recovered::append);

        assertThat(recovered.state()).isEqualTo(journal.state());
        assertThat(recovered.state().jobs()).containsOnlyKeys("orders");
    }

    @Test
    void eachChangeIsOneEntryUnderTheJobsName() {
        registry.change("orders", OptionalLong.empty(), job -> Transitions.stop(job, T1));

        assertThat(journal.log()).hasSize(2).allMatch(entry -> entry.key().equals("orders"));
        assertThat(registry.known().jobs().get("orders").rev()).isEqualTo(2);
    }

    @Test
    void aTakenNameIsRefused() {
        assertThatThrownBy(() -> registry.create(
                        new JobName("orders"),
                        new JobEvent.Deployed(JobTest.T0, JobTest.version(), java.util.Map.of())))
                .isInstanceOfSatisfying(WeirException.class, e -> {
                    assertThat(e.code()).isEqualTo("job-name-taken");
                    assertThat(e.status()).isEqualTo(409);
                });
    }

    @Test
    void anUnknownJobNamesTheNearestOne() {
        assertThatThrownBy(() -> JobRegistry.require(registry.known(), "order"))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.status()).isEqualTo(404))
                .hasMessage("Job 'order': does not exist. Did you mean 'orders'?");
    }

    @Test
    void anOldRevisionIsRefusedAndNothingIsWritten() {
        assertThatThrownBy(() -> registry.change("orders", OptionalLong.of(7), job -> Transitions.stop(job, T1)))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.status()).isEqualTo(412));
        assertThat(journal.log()).hasSize(1);
    }

    @Test
    void aDroppedReportWritesNothing() {
        assertThat(registry.note("orders", job -> Optional.empty())).isEmpty();
        assertThat(registry.note("gone", job -> Transitions.ran(job, 1, T1))).isEmpty();
        assertThat(journal.log()).hasSize(1);
    }

    @Test
    void aDamagedValueIsListedAndTheOtherJobsGoOn() {
        journal.append(new Entry("broken", "{\"weir\":\"job/1\",\"nonsense\":1}".getBytes(StandardCharsets.UTF_8)));
        journal.append(new Entry("garbage", "no json".getBytes(StandardCharsets.UTF_8)));

        assertThat(registry.known().jobs()).containsOnlyKeys("orders");
        assertThat(registry.known().unreadable()).containsOnlyKeys("broken", "garbage");
        assertThatThrownBy(() -> JobRegistry.require(registry.known(), "broken"))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("job-unreadable"));
    }

    @Test
    void aFieldUnknownToOurOwnFormatIsRefusedButOneOfANewerFormatIsTolerated() {
        journal.append(new Entry("orders", withField("job/4")));
        assertThat(registry.known().unreadable().get("orders")).contains("promoted");

        journal.append(new Entry("orders", withField("job/5")));
        assertThat(registry.known().jobs()).containsKey("orders");
        assertThatThrownBy(() -> registry.change("orders", OptionalLong.empty(), job -> Transitions.stop(job, T1)))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("job-newer-format"));
        assertThat(registry.note("orders", job -> Transitions.ran(job, 1, T1))).isEmpty();
    }

    @Test
    void anArtifactIsInUseWhileAnotherJobHasIt() {
        registry.create(new JobName("twin"), new JobEvent.Deployed(JobTest.T0, JobTest.version(), java.util.Map.of()));
        String sha256 = JobTest.version().artifact();

        assertThat(JobRegistry.artifactsInUse(registry.known(), "orders")).containsExactly(sha256);
        registry.remove("twin");
        assertThat(JobRegistry.artifactsInUse(registry.known(), "orders")).isEqualTo(java.util.Set.of());
        assertThat(List.of(sha256)).hasSize(1);
    }

    private static byte[] withField(String format) {
        String json = new String(new JobJson().write(JobTest.deployed()), StandardCharsets.UTF_8);
        return json.replace("\"weir\":\"job/4\"", "\"promoted\":true,\"weir\":\"" + format + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }
}
