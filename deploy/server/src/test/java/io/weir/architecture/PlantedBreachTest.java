package io.weir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.weir.connect.planted.ConnectReadsQuarkus;
import io.weir.connect.planted.ConnectReadsTheBroker;
import io.weir.connect.planted.ConnectReadsTheRemoteStorageSpi;
import io.weir.connect.planted.ConnectSeesStreams;
import io.weir.log.planted.LogSeesStreams;
import io.weir.log.planted.one.One;
import io.weir.log.planted.two.Two;
import io.weir.streams.planted.AsksItsSurroundings;
import io.weir.streams.planted.StreamsType;
import io.weir.streams.planted.TakesAClock;
import io.weir.tiered.archive.planted.ArchiveReadsTheRemoteStorageSpi;
import io.weir.tiered.archive.planted.ArchiveSeesLog;
import io.weir.tiered.query.child.planted.ChildReadsKafka;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each rule can fail: breaches planted in classes of their own are reported with class and line.
class PlantedBreachTest {
    @Test
    void aPlantedSiblingImportIsReported() {
        assertThat(breaches(Rules.DATA_FLOWS_ONE_WAY, ConnectSeesStreams.class, StreamsType.class))
                .anyMatch(line -> line.contains("ConnectSeesStreams") && line.contains("StreamsType"));
    }

    @Test
    void aPlantedImportAgainstTheFlowIsReported() {
        assertThat(breaches(Rules.DATA_FLOWS_ONE_WAY, LogSeesStreams.class, StreamsType.class))
                .anyMatch(line -> line.contains("LogSeesStreams"));
    }

    @Test
    void thePluginForAStockBrokerMayNotSeeTheLog() {
        assertThat(breaches(Rules.DATA_FLOWS_ONE_WAY, ArchiveSeesLog.class))
                .anyMatch(line -> line.contains("ArchiveSeesLog"));
    }

    @Test
    void aPlantedBrokerImportOutsideEngineIsReported() {
        assertThat(breaches(Rules.EACH_ENGINE_HAS_ONE_DOOR, ConnectReadsTheBroker.class))
                .anyMatch(line -> line.contains("ConnectReadsTheBroker") && line.contains("org.apache.kafka.raft"));
    }

    @Test
    void theRemoteStorageSpiIsAllowedInArchiveOnly() {
        assertThat(breaches(Rules.EACH_ENGINE_HAS_ONE_DOOR, ArchiveReadsTheRemoteStorageSpi.class))
                .isEmpty();
        assertThat(breaches(Rules.EACH_ENGINE_HAS_ONE_DOOR, ConnectReadsTheRemoteStorageSpi.class))
                .anyMatch(line -> line.contains("ConnectReadsTheRemoteStorageSpi"));
    }

    @Test
    void theQueryChildSeesNoKafka() {
        assertThat(breaches(Rules.EACH_ENGINE_HAS_ONE_DOOR, ChildReadsKafka.class))
                .anyMatch(line -> line.contains("ChildReadsKafka") && line.contains("KafkaException"));
    }

    @Test
    void aPlantedQuarkusImportIsReported() {
        assertThat(breaches(Rules.QUARKUS_STAYS_AT_THE_EDGE, ConnectReadsQuarkus.class))
                .anyMatch(line -> line.contains("ConnectReadsQuarkus") && line.contains("jakarta.inject"))
                .anyMatch(line -> line.contains("ConnectReadsQuarkus") && line.contains("io.quarkus"));
    }

    @Test
    void aPlantedCycleIsReported() {
        assertThat(breaches(Rules.PACKAGES_FORM_NO_CYCLES, One.class, Two.class))
                .anyMatch(line -> line.contains("Cycle detected"));
        assertThat(breaches(Rules.PACKAGES_FORM_NO_CYCLES, One.class)).isEmpty();
    }

    @Test
    void everyPlantedQuestionToTheSurroundingsIsReported() {
        List<String> breaches = breaches(Rules.TIME_COMES_IN_THROUGH_THE_CONSTRUCTOR, AsksItsSurroundings.class);

        assertThat(breaches)
                .anyMatch(line -> line.contains("System.currentTimeMillis"))
                .anyMatch(line -> line.contains("System.getProperty"))
                .anyMatch(line -> line.contains("System.getenv"))
                .anyMatch(line -> line.contains("Thread.sleep(long)"))
                .anyMatch(line -> line.contains("Thread.sleep(java.time.Duration)"))
                .anyMatch(line -> line.contains("java.util.Random.<init>()"))
                .anyMatch(line -> line.contains("Clock.systemUTC"))
                .anyMatch(line -> line.contains("LocalDateTime.now"))
                .anyMatch(line -> line.contains("UUID.randomUUID"))
                .anyMatch(line -> line.contains("Time.SYSTEM"));
    }

    @Test
    void aMethodReferenceToNowIsReported() {
        assertThat(breaches(Rules.TIME_COMES_IN_THROUGH_THE_CONSTRUCTOR, AsksItsSurroundings.class))
                .anyMatch(line -> line.contains("java.time.Instant.now()"));
    }

    @Test
    void aClockAndASeedFromOutsideAreNoBreach() {
        assertThat(breaches(Rules.TIME_COMES_IN_THROUGH_THE_CONSTRUCTOR, TakesAClock.class))
                .isEmpty();
    }

    private static List<String> breaches(ArchRule rule, Class<?>... planted) {
        JavaClasses classes = new ClassFileImporter().importClasses(planted);
        // the planted classes are few: most parts of a rule have nothing to look at
        EvaluationResult result = rule.allowEmptyShould(true).evaluate(classes);
        return result.getFailureReport().getDetails();
    }
}
