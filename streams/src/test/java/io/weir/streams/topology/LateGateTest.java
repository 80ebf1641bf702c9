package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LateGateTest {
    private static final long SIZE = 60_000;
    private static final long GRACE = 10_000;
    private static final AlignedWindows WINDOWS = new AlignedWindows(SIZE, SIZE, GRACE);

    private final KeyValueStore<Integer, Long> store = store();

    @Test
    void aRecordIsLateOnceItsWindowAndTheGraceHavePassed() {
        LateGate gate = gate();
        gate.advance(SIZE + GRACE - 1);
        assertThat(gate.isLate(0)).isFalse();

        gate.advance(SIZE + GRACE);

        assertThat(gate.isLate(0)).isTrue();
        assertThat(gate.isLate(SIZE - 1)).isTrue();
        assertThat(gate.isLate(SIZE)).isFalse();
    }

    @Test
    void nothingIsLateBeforeTheFirstRecord() {
        assertThat(gate().isLate(0)).isFalse();
        assertThat(WINDOWS.lastClosedStart(gate().timeMillis())).isNegative();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aRestartBetweenAnyTwoRecordsChangesNoVerdict(long seed) {
        Random random = new Random(seed);
        List<Long> times = new ArrayList<>();
        long time = 978_307_200_000L;
        for (int i = 0; i < 2_000; i++) {
            time += random.nextInt(5_000);
            times.add(time - (random.nextInt(10) == 0 ? random.nextInt(300_000) : 0));
        }

        List<Boolean> unbroken = verdicts(times, store(), false);
        List<Boolean> restarted = verdicts(times, store(), true);

        assertThat(restarted).as("seed " + seed).isEqualTo(unbroken).contains(true, false);
    }

    @Test
    void eachTaskHasATimeOfItsOwn() {
        gate().advance(10 * SIZE);

        LateGate other = new LateGate(store, 1, WINDOWS::lateFrom, moved -> {});

        assertThat(other.isLate(0)).isFalse();
    }

    private static List<Boolean> verdicts(List<Long> times, KeyValueStore<Integer, Long> store, boolean restarting) {
        List<Boolean> verdicts = new ArrayList<>();
        LateGate gate = new LateGate(store, 0, WINDOWS::lateFrom, moved -> {});
        for (long time : times) {
            if (restarting) {
                gate = new LateGate(store, 0, WINDOWS::lateFrom, moved -> {});
            }
            verdicts.add(gate.isLate(time));
            if (!gate.isLate(time)) {
                gate.advance(time);
            }
        }
        return verdicts;
    }

    private LateGate gate() {
        return new LateGate(store, 0, WINDOWS::lateFrom, moved -> {});
    }

    private static KeyValueStore<Integer, Long> store() {
        MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
        KeyValueStore<Integer, Long> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore("gate"), Serdes.Integer(), Serdes.Long())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        return store;
    }
}
