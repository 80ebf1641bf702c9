package io.weir.log.read;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;

/// Whether records of open and aborted transactions are seen.
public enum Isolation {
    READ_COMMITTED(IsolationLevel.READ_COMMITTED),
    READ_UNCOMMITTED(IsolationLevel.READ_UNCOMMITTED);

    private static final List<String> NAMES = List.of("read_committed", "read_uncommitted");

    private final IsolationLevel level;

    Isolation(IsolationLevel level) {
        this.level = level;
    }

    /// @throws WeirException `read-isolation-invalid`
    public static Isolation parse(String name) {
        return switch (name) {
            case "read_committed" -> READ_COMMITTED;
            case "read_uncommitted" -> READ_UNCOMMITTED;
            default ->
                throw new WeirException(
                        "read-isolation-invalid",
                        Whose.USER,
                        "Parameter 'isolation': must be one of " + NAMES + ", got '" + name + "'."
                                + NearestName.hint(NAMES, name));
        };
    }

    IsolationLevel level() {
        return level;
    }
}
