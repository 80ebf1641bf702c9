package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OffsetVectorTest {
    @Test
    void theTextReadsBackInOrderOfPartitions() {
        OffsetVector vector = OffsetVector.EMPTY.with(Map.of(10, 900L, 2, 0L)).with(Map.of(0, 1500L));

        assertThat(vector.text()).isEqualTo("0:1500,2:0,10:900");
        assertThat(OffsetVector.parse(vector.text())).isEqualTo(vector);
        assertThat(OffsetVector.parse("")).isEqualTo(OffsetVector.EMPTY);
        assertThat(vector.of(2)).hasValue(0);
        assertThat(vector.of(3)).isEmpty();
    }

    @Test
    void whatAHandHasChangedIsRefusedByName() {
        assertThatThrownBy(() -> OffsetVector.parse("0:1500,1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weir.offsets.v1")
                .hasMessageContaining("0:1500,1");
    }
}
