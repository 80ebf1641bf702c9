package io.weir.log.fault;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds what a mistyped name was probably meant to be, for messages that end in "Did you mean 'x'?".
public final class NearestName {
    private NearestName() {}

    /// The known name with the smallest edit distance, if that is at most a third of the name's length (at least
    /// 2).
    public static Optional<String> among(Collection<String> known, String mistyped) {
        int limit = Math.max(2, mistyped.length() / 3);
        return known.stream()
                .map(name -> new Candidate(name, distance(fold(name), fold(mistyped))))
                .filter(candidate -> candidate.distance() <= limit)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /// ` Did you mean 'x'?` with its leading blank, or nothing.
    public static String hint(Collection<String> known, String mistyped) {
        return among(known, mistyped)
                .map(name -> " Did you mean '" + name + "'?")
                .orElse("");
    }

    private record Candidate(String name, int distance) {}

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
    }

    /// Levenshtein distance by the two-row table.
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
