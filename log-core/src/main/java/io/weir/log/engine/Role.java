package io.weir.log.engine;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a process does (`weir.roles`). Only the first two start an engine; the others are Weir's own and reach
/// the log as clients.
public enum Role {
    CONTROLLER,
    BROKER,
    CONNECT,
    JOBS,
    QUERY;

    /// The word used in `weir.roles`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Every role: what a laptop runs.
    public static Set<Role> all() {
        return EnumSet.allOf(Role.class);
    }

    /// Reads a list of words such as `controller,broker`.
    ///
    /// @throws WeirException `setting-invalid` for an empty list or an unknown word
    public static Set<Role> parse(List<String> words) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : words) {
            if (!word.isBlank()) {
                roles.add(parse(word.strip()));
            }
        }
        if (roles.isEmpty()) {
            throw new WeirException(
                    "setting-invalid", Whose.USER, "Setting 'weir.roles': at least one role is needed.");
        }
        return roles;
    }

    private static Role parse(String word) {
        return Arrays.stream(values())
                .filter(role -> role.word().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new WeirException(
                        "setting-invalid",
                        Whose.USER,
                        "Setting 'weir.roles': a role is one of controller, broker, connect, jobs, query, got '" + word
                                + "'."
                                + NearestName.hint(
                                        Arrays.stream(values()).map(Role::word).toList(), word)));
    }
}
