package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicChoiceTest {
    @ParameterizedTest
    @CsvSource({
        "flights, delete, ARCHIVED",
        "orders-eu.retail, delete, ARCHIVED",
        "delays_by_hour, delete, ARCHIVED",
        "airports, compact, COMPACTED",
        "airports, 'compact,delete', COMPACTED",
        "__consumer_offsets, compact, INTERNAL",
        "__weir_catalog, delete, INTERNAL",
        "delays.v3-counts-changelog, compact, INTERNAL",
        "delays.v3-by-origin-repartition, delete, INTERNAL",
        "my-changelog, delete, ARCHIVED",
        "flights.dlq, delete, ON_REQUEST",
        "delays.late, delete, ON_REQUEST",
        "delays_by_hour.v4, delete, ON_REQUEST"
    })
    void whatIsArchivedFollowsFromNameAndPolicy(String topic, String policy, TopicChoice choice) {
        assertThat(TopicChoice.of(topic, policy)).isEqualTo(choice);
    }
}
