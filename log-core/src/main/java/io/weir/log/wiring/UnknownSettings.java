package io.weir.log.wiring;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Finds settings that nobody reads, so that a mistyped one never passes for a default.
final class UnknownSettings {
    private static final String PREFIX = "weir.";

    private UnknownSettings() {}

    /// @param given names of settings as they were found in files and on the command line
    /// @param known full names somebody reads
    /// @param openPrefixes below these any name goes
    /// @throws WeirException `setting-unknown` naming the first unknown one and its nearest known name
    static void refuse(Iterable<String> given, Collection<String> known, Collection<String> openPrefixes) {
        Set<String> unknown = new TreeSet<>();
        for (String name : given) {
            if (name.startsWith(PREFIX) && !isKnown(name, known, openPrefixes)) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            String first = unknown.iterator().next();
            throw new WeirException(
                    "setting-unknown",
                    Whose.USER,
                    "Setting '" + first + "': Weir has no such setting." + NearestName.hint(known, first)
                            + (unknown.size() > 1 ? " Unknown as well: " + rest(unknown, first) + "." : ""));
        }
    }

    /// Environment variables that look like settings (`WEIR_...`) and are none. They only deserve a warning: the
    /// launcher and other programs have variables of that form too.
    static List<String> suspectVariables(
            Collection<String> variables, Collection<String> known, Set<String> launchers) {
        Set<String> folded = new TreeSet<>();
        known.forEach(name -> folded.add(asVariable(name)));
        return variables.stream()
                .filter(name -> name.startsWith("WEIR_") && !launchers.contains(name) && !folded.contains(name))
                .sorted()
                .toList();
    }

    private static String asVariable(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static boolean isKnown(String name, Collection<String> known, Collection<String> openPrefixes) {
        return known.contains(name) || openPrefixes.stream().anyMatch(name::startsWith);
    }

    private static String rest(Set<String> unknown, String first) {
        Set<String> others = new TreeSet<>(unknown);
        others.remove(first);
        return String.join(", ", others);
    }
}
