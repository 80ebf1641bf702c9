package io.weir.log.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.engine.DataDirectory.Identity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoundingTest {
    private static final Identity KNOWN = new Identity("cluster-a", 7);

    @ParameterizedTest
    @CsvSource({
        // join, found, size, expected
        "'', false, 1, Found",
        "'', true, 1, Found",
        "'', true, 3, Found",
        "'b:9092', false, 1, Join",
        "'b:9092', false, 3, Join",
        "'b:9092', true, 3, JoinOrFound",
    })
    void anEmptyDirectoryFollowsTheTable(String join, boolean found, int size, String expected) {
        assertThat(Founding.decide(Optional.empty(), membership(join, found, size)))
                .extracting(founding -> founding.getClass().getSimpleName())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'', false, 1", "'', false, 3", "'b:9092', false, 3", "'b:9092', true, 3"})
    void aKnownDirectoryIsResumedWhateverIsSet(String join, boolean found, int size) {
        assertThat(Founding.decide(Optional.of(KNOWN), membership(join, found, size)))
                .isEqualTo(new Founding.Resume(KNOWN));
    }

    @Test
    void severalNodesWithoutAWordAboutWhoFoundsAreRefused() {
        assertThatThrownBy(() -> Founding.decide(Optional.empty(), membership("", false, 3)))
                .hasMessageContaining("weir.cluster.found=true on exactly one node")
                .hasMessageContaining("weir.cluster.join");
    }

    @Test
    void anotherClusterOrNodeIdIsRefusedWithBothValues() {
        Membership otherCluster = new Membership(1, List.of(), false, Optional.of("cluster-b"), OptionalInt.empty());
        Membership otherNode = new Membership(1, List.of(), false, Optional.empty(), OptionalInt.of(8));
        assertThatThrownBy(() -> Founding.decide(Optional.of(KNOWN), otherCluster))
                .hasMessageContaining("expected 'cluster-b', found 'cluster-a'");
        assertThatThrownBy(() -> Founding.decide(Optional.of(KNOWN), otherNode))
                .hasMessageContaining("expected 8")
                .hasMessageContaining("node 7");
    }

    private static Membership membership(String join, boolean found, int size) {
        return new Membership(
                size, join.isEmpty() ? List.of() : List.of(join), found, Optional.empty(), OptionalInt.empty());
    }
}
