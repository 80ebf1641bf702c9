package io.weir.streams.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What two versions of a job have made of the same history.
public final class HistoryComparison {
    private static final int SHOWN = 5;
    private static final JsonMapper JSON = new JsonMapper();

    private final String output;
    private final long equal;
    private final List<Difference> differences = new ArrayList<>();

    /// One key whose rows differ.
    ///
    /// @param key as text; of a windowed result the JSON of its window key
    /// @param was the first version's row as JSON; null where it has none
    /// @param is the second version's row as JSON; null where it has none
    public record Difference(
            String key, @Nullable String was, @Nullable String is) {

        /// A column of the key, of the first version's row or of the second's; missing where there is none.
        public JsonNode keyColumn(String name) {
            return tree(key).path(name);
        }

        public JsonNode was(String column) {
            return tree(was).path(column);
        }

        public JsonNode is(String column) {
            return tree(is).path(column);
        }

        /// Whether both versions have the row and all other columns are equal.
        public boolean onlyDiffersIn(String... columns) {
            if (tree(was) instanceof ObjectNode left && tree(is) instanceof ObjectNode right) {
                return left.deepCopy()
                        .remove(List.of(columns))
                        .equals(right.deepCopy().remove(List.of(columns)));
            }
            return false;
        }

        private static JsonNode tree(@Nullable String json) {
            try {
                return json == null ? MissingNode.getInstance() : JSON.readTree(json);
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance(); // plain text has no columns
            }
        }
    }

    HistoryComparison(String output, Map<String, String> was, Map<String, String> is) {
        this.output = output;
        TreeSet<String> keys = new TreeSet<>(was.keySet());
        keys.addAll(is.keySet());
        long same = 0;
        for (String key : keys) {
            String left = was.get(key);
            String right = is.get(key);
            if (left != null && left.equals(right)) {
                same++;
            } else {
                differences.add(new Difference(key, left, right));
            }
        }
        this.equal = same;
    }

    /// Keys whose rows are equal.
    public long equal() {
        return equal;
    }

    /// In the order of their keys.
    public List<Difference> differences() {
        return List.copyOf(differences);
    }

    /// @throws AssertionError when any row differs, is missing or is one too many
    public void requireEqual() {
        requireEqualBut(difference -> false);
    }

    /// @param expected which differences are meant
    /// @throws AssertionError when there are others, or nothing was written at all
    public void requireEqualBut(Predicate<Difference> expected) {
        List<Difference> others = differences.stream().filter(expected.negate()).toList();
        if (!others.isEmpty()) {
            throw new AssertionError("Topic '" + output + "': " + others.size() + " of " + (equal + differences.size())
                    + " rows differ and were not expected to, the first: "
                    + others.stream().limit(SHOWN).toList());
        }
        if (equal == 0 && differences.isEmpty()) {
            throw new AssertionError("Topic '" + output + "': neither version has written a row. Take a longer slice.");
        }
    }
}
