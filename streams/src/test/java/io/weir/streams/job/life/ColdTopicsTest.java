package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.streams.replay.ColdReadException;
import io.weir.streams.replay.ColdReader;
import io.weir.streams.replay.ColdRecords;
import io.weir.streams.replay.ReplayTier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// Which tier a replay gets.
class ColdTopicsTest {
    private static final Map<String, Long> FROM = Map.of("clicks-0", 50L, "clicks-1", 0L);

    @Test
    void whatIsArchivedIsReadFromTheArchive() {
        assertThat(tier(archive(51, 0), Optional.empty())).isEqualTo(ReplayTier.T2);
        assertThat(tier(archive(0, 1), Optional.empty())).isEqualTo(ReplayTier.T2);
        assertThat(tier(archive(51, 0), Optional.of(ReplayTier.T2))).isEqualTo(ReplayTier.T2);
    }

    @Test
    void whatIsArchivedBelowTheRangeDoesNotCount() {
        assertThat(tier(archive(50, 0), Optional.empty())).isEqualTo(ReplayTier.T1);
        assertThatThrownBy(() -> tier(archive(50, 0), Optional.of(ReplayTier.T2)))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("'delays'")
                .hasMessageContaining("./weir tier now");
    }

    @Test
    void whatCanBeFoldedIsUnlessAnotherTierIsWanted() {
        Optional<String> none = Optional.empty();
        assertThat(tier(archive(51, 0), Optional.empty(), none, none)).isEqualTo(ReplayTier.T3);
        assertThat(tier(archive(51, 0), Optional.of(ReplayTier.T3), none, none)).isEqualTo(ReplayTier.T3);
        assertThat(tier(archive(51, 0), Optional.of(ReplayTier.T2), none, none)).isEqualTo(ReplayTier.T2);
        assertThat(tier(archive(50, 0), Optional.empty(), none, none)).isEqualTo(ReplayTier.T1);
        assertThat(tier(archive(51, 0), Optional.empty(), none, Optional.of("no SQL here")))
                .isEqualTo(ReplayTier.T2);
    }

    @Test
    void aFoldThatIsWantedAndCannotBeIsRefusedWithItsReason() {
        assertThatThrownBy(() -> tier(archive(51, 0), Optional.of(ReplayTier.T3)))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("'delays'")
                .hasMessageContaining("stage 'clicks.where': opaque code");
        assertThatThrownBy(() ->
                        tier(archive(51, 0), Optional.of(ReplayTier.T3), Optional.empty(), Optional.of("no SQL here")))
                .hasMessageContaining("no SQL here");
    }

    @Test
    void theBrokerIsAskedWhereSomebodyWantsThatOrNothingElseIsThere() {
        assertThat(tier(archive(51, 51), Optional.of(ReplayTier.T1))).isEqualTo(ReplayTier.T1);
        assertThat(tier(null, Optional.empty())).isEqualTo(ReplayTier.T1);
        assertThat(tier(new Silent(), Optional.empty())).isEqualTo(ReplayTier.T1);
        assertThatThrownBy(() -> tier(null, Optional.of(ReplayTier.T2))).hasMessageContaining("has no archive");
        assertThatThrownBy(() -> tier(new Silent(), Optional.of(ReplayTier.T2)))
                .hasMessageContaining("does not answer")
                .hasMessageContaining("away");
    }

    private static ReplayTier tier(ColdReader archive, Optional<ReplayTier> wanted) {
        return tier(archive, wanted, Optional.of("stage 'clicks.where': opaque code"), Optional.empty());
    }

    private static ReplayTier tier(
            ColdReader archive, Optional<ReplayTier> wanted, Optional<String> refusal, Optional<String> absence) {
        return new ColdTopics(archive, () -> absence).tier("delays", List.of("clicks"), FROM, wanted, refusal);
    }

    private static ColdReader archive(long first, long second) {
        return new Silent() {
            @Override
            public Map<TopicPartition, Long> ends(String topic) {
                return Map.of(new TopicPartition(topic, 0), first, new TopicPartition(topic, 1), second);
            }
        };
    }

    private static class Silent implements ColdReader {
        @Override
        public Map<TopicPartition, Long> ends(String topic) {
            throw new ColdReadException("the store is away", null);
        }

        @Override
        public ColdRecords open(TopicPartition partition, long from) {
            throw new ColdReadException("the store is away", null);
        }
    }
}
