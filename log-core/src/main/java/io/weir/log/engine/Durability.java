package io.weir.log.engine;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What an acknowledgement promises (`weir.log.durability`).
public enum Durability {
    /// An acknowledged record is on stable storage of every in-sync replica, as far as the disk keeps its word.
    FSYNC,
    /// An acknowledged record survives the loss of any one node, its page cache included, while the others are in
    /// sync; power loss on two or more at once can lose the newest records.
    REPLICATED;

    /// The word used in `weir.log.durability`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws WeirException `setting-invalid` for an unknown word
    public static Durability parse(String word) {
        List<String> known = Arrays.stream(values()).map(Durability::word).toList();
        return Arrays.stream(values())
                .filter(durability -> durability.word().equalsIgnoreCase(word.strip()))
                .findFirst()
                .orElseThrow(() -> new WeirException(
                        "setting-invalid",
                        Whose.USER,
                        "Setting 'weir.log.durability': it is fsync or replicated, got '" + word + "'."
                                + NearestName.hint(known, word)));
    }

    /// The profile of a cluster: the chosen one, else `fsync` for a single node and `replicated` from three.
    ///
    /// @throws WeirException `setting-missing` for two nodes without a choice: neither promise is obvious there
    public static Durability effective(Optional<Durability> chosen, int intendedClusterSize) {
        if (chosen.isPresent()) {
            return chosen.get();
        }
        if (intendedClusterSize == 2) {
            throw new WeirException(
                    "setting-missing",
                    Whose.USER,
                    "Setting 'weir.log.durability': a cluster of 2 nodes needs an explicit choice, got none. Say"
                            + " weir.log.durability=fsync (every record is flushed) or replicated (fast, and two power"
                            + " losses at once may lose the newest records).");
        }
        return intendedClusterSize == 1 ? FSYNC : REPLICATED;
    }
}
