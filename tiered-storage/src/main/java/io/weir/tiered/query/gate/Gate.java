package io.weir.tiered.query.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.nio.charset.StandardCharsets;

/// The rules a statement must meet before it runs, over the tree that DuckDB's own parser made of it:
/// exactly one statement, a SELECT; only known kinds of nodes; tables are topics or CTEs in scope; functions and
/// table functions from lists; limited depth and length; no parameters. Thread-safe.
///
/// Refusals are `WeirException`s with the codes `sql-too-large`, `sql-not-one-select`, `sql-function-refused`,
/// `sql-refused` and `topic-unknown`.
public final class Gate {
    /// Longest statement, in UTF-8 bytes.
    public static final int LONGEST_BYTES = 64 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20_000)
                    .maxStringLength(1 << 20)
                    .build())
            .build());

    private final FunctionList functions;

    public Gate(FunctionList functions) {
        this.functions = functions;
    }

    /// To be called before the text goes to any parser.
    ///
    /// @throws WeirException `sql-too-large`
    public static void checkLength(String sql) {
        int bytes = sql.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_BYTES) {
            throw new WeirException(
                    "sql-too-large",
                    Whose.USER,
                    "SQL: a statement has at most " + LONGEST_BYTES + " bytes, got " + bytes + ".");
        }
    }

    /// @param treeJson `{"error":false,"statements":[...]}`
    /// @throws WeirException the rule that the statement breaks
    public GatedStatement check(String treeJson) {
        JsonNode statements = read(treeJson).path("statements");
        if (statements.size() != 1) {
            throw new WeirException(
                    "sql-not-one-select",
                    Whose.USER,
                    "SQL: exactly one SELECT statement is expected, got " + statements.size() + ".");
        }
        JsonNode statement = statements.get(0);
        if (!statement.path("named_param_map").isEmpty()) {
            throw TreeWalk.refused("SQL: parameters ('?', '$1') are not offered; write the value.");
        }
        TreeWalk walk = new TreeWalk(functions);
        walk.query(statement.path("node"));
        JsonNode query = statement.path("node");
        return new GatedStatement(walk.relations(), limitable(query), bounds(query, walk));
    }

    /// Of a plain `SELECT ... FROM topic WHERE ...` that reads the topic nowhere else.
    private static RowBounds bounds(JsonNode query, TreeWalk walk) {
        JsonNode from = query.path("from_table");
        boolean plain = query.path("type").asText().equals("SELECT_NODE")
                && from.path("type").asText().equals("BASE_TABLE")
                && (from.path("sample").isNull() || from.path("sample").isMissingNode())
                && from.path("column_name_alias").isEmpty()
                && walk.tablesNamed() == 1
                && walk.relations().size() == 1;
        return plain ? RowBounds.of(query.path("where_clause")) : RowBounds.NONE;
    }

    private static boolean limitable(JsonNode query) {
        for (JsonNode modifier : query.path("modifiers")) {
            if (modifier.path("type").asText().startsWith("LIMIT")) {
                return false;
            }
        }
        return !query.path("from_table").path("type").asText().equals("SHOW_REF");
    }

    private static JsonNode read(String treeJson) {
        try {
            return JSON.readTree(treeJson);
        } catch (JsonProcessingException e) {
            throw new WeirException(
                    "sql-too-large", Whose.USER, 400, "SQL: the statement is nested too deeply to be checked.", e);
        }
    }
}
