package io.weir.connect.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class LogLevelsTest {
    private final LogLevels levels = new LogLevels(Time.SYSTEM);
    private final Logger parent = Logger.getLogger("loglevels.test");
    private final Logger child = Logger.getLogger("loglevels.test.child");
    private final Logger neighbour = Logger.getLogger("loglevels.tests");

    @Test
    void aLevelAppliesToTheNamespaceAndEverythingBelowIt() {
        neighbour.setLevel(Level.INFO);
        levels.set("loglevels.test", "WARN");

        assertThat(levels.set("loglevels.test", "debug")).containsExactly("loglevels.test", "loglevels.test.child");
        assertThat(parent.getLevel().intValue()).isEqualTo(Level.FINE.intValue());
        assertThat(child.getLevel().intValue()).isEqualTo(Level.FINE.intValue());
        assertThat(neighbour.getLevel().intValue()).isEqualTo(Level.INFO.intValue());
        assertThat(levels.explicit().get("loglevels.test").level()).isEqualTo("DEBUG");
        assertThat(levels.explicit().get("loglevels.test").lastModified()).isNotNull();
        assertThat(levels.set("loglevels.test", "DEBUG")).as("nothing changes").isEmpty();
    }

    @Test
    void anUnknownLoggerHasNoLevelAndTheRootHasOne() {
        assertThat(levels.of("loglevels.nobody")).isEmpty();
        assertThat(levels.of("root")).isPresent();
    }

    @Test
    void levelsAreKnownInAnyCase() {
        assertThat(LogLevels.isLevel("Trace")).isTrue();
        assertThat(LogLevels.isLevel("LOUD")).isFalse();
    }
}
