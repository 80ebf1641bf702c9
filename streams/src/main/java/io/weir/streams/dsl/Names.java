package io.weir.streams.dsl;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;

/// Rules for names of topics and stages, and help with mistyped ones.
final class Names {
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    private Names() {}

    static void checkTopic(String topic, String operator) {
        if (!LEGAL.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
            throw new PlanRefused(
                    operator,
                    "topic-name",
                    "a topic name has 1 to 200 of the characters a-z, A-Z, 0-9, '.', '_', '-', got '" + topic + "'.");
        }
    }

    static void checkStage(String name, String operator) {
        if (!LEGAL.matcher(name).matches() || name.startsWith(".")) {
            throw new PlanRefused(
                    operator,
                    "stage-name",
                    "a stage name has 1 to 200 of the characters a-z, A-Z, 0-9, '.', '_', '-', got '" + name + "'.");
        }
    }

    /// ` Did you mean 'x'?` for the known name with the most letters in common, or nothing.
    static String hint(Collection<String> known, String mistyped) {
        String best = "";
        int bestDistance = Math.max(2, mistyped.length() / 3) + 1;
        for (String name : known) {
            int distance = distance(name.toLowerCase(Locale.ROOT), mistyped.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return best.isEmpty() ? "" : " Did you mean '" + best + "'?";
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(swap, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
