package io.weir.log.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private final AtomicBoolean serving = new AtomicBoolean();
    private final List<Throwable> startFailures = new ArrayList<>();
    private final AtomicInteger actions = new AtomicInteger();
    private final Faults faults = new Faults(serving::get, startFailures::add);

    /// What a halt would be: it must not return, here it throws.
    private static final class Halted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void haltByException() {
        Exit.setHaltProcedure((status, message) -> {
            throw new Halted();
        });
    }

    @AfterEach
    void haltAgain() {
        Exit.resetHaltProcedure();
    }

    @Test
    void beforeTheNodeServesAFatalFaultOnlyFailsTheStart() {
        IllegalStateException cause = new IllegalStateException("no quorum log");
        assertThat(faults.build("raft", true, actions::incrementAndGet).handleFault("broken", cause))
                .hasMessageContaining("raft: broken");
        assertThat(startFailures).containsExactly(cause);
        assertThat(actions).hasValue(1);
    }

    @Test
    void afterwardsAFatalFaultHalts() {
        serving.set(true);
        assertThatThrownBy(() -> faults.build("raft", true, actions::incrementAndGet)
                        .handleFault("broken", new IllegalStateException()))
                .isInstanceOf(Halted.class);
        assertThat(startFailures).isEmpty();
        assertThat(actions).hasValue(1);
    }

    @Test
    void aFaultThatIsNotFatalIsOnlyLogged() {
        serving.set(true);
        faults.build("publishing", false, actions::incrementAndGet).handleFault("odd", new IllegalStateException());
        assertThat(startFailures).isEmpty();
        assertThat(actions).hasValue(1);
    }
}
