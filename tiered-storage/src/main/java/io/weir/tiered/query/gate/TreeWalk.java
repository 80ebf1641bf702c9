package io.weir.tiered.query.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/// One walk over one tree. Visits every object of the tree, whatever field it stands in, so that nothing can hide
/// where a rule did not look. One thread, one use.
///
/// The tree's vocabulary: an object with `class` is an expression; an object with a textual `type` and no `class`
/// is a query, a table or a modifier; other objects are containers.
final class TreeWalk {
    private static final int DEEPEST = 200;

    private static final Set<String> QUERIES = Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE");
    private static final Set<String> MODIFIERS = Set.of(
            "ORDER_MODIFIER",
            "LIMIT_MODIFIER",
            "LIMIT_PERCENT_MODIFIER",
            "DISTINCT_MODIFIER",
            "ORDER_DEFAULT",
            "ASCENDING",
            "DESCENDING");
    private static final Set<String> EXPRESSIONS = Set.of(
            "COLUMN_REF",
            "CONSTANT",
            "FUNCTION",
            "COMPARISON",
            "CONJUNCTION",
            "OPERATOR",
            "CAST",
            "CASE",
            "BETWEEN",
            "SUBQUERY",
            "STAR",
            "WINDOW",
            "LAMBDA",
            "COLLATE",
            "POSITIONAL_REFERENCE",
            "TYPE");

    private final FunctionList functions;
    private final Set<String> relations = new LinkedHashSet<>();
    private int tablesNamed;

    TreeWalk(FunctionList functions) {
        this.functions = functions;
    }

    Set<String> relations() {
        return relations;
    }

    /// How often any table is named, CTEs too.
    int tablesNamed() {
        return tablesNamed;
    }

    void query(JsonNode node) {
        if (!QUERIES.contains(node.path("type").asText())) {
            throw refusedKind(node);
        }
        visit(node, Set.of(), 0);
    }

    /// @param scope lower-case names of the CTEs that a table name may mean here
    private void visit(JsonNode node, Set<String> scope, int depth) {
        if (node.isArray()) {
            for (JsonNode element : node) {
                visit(element, scope, depth);
            }
        } else if (node.isObject()) {
            object(node, scope, depth);
        }
    }

    private void object(JsonNode node, Set<String> scope, int depth) {
        if (depth > DEEPEST) {
            throw new WeirException(
                    "sql-too-large", Whose.USER, "SQL: the statement is nested more than " + DEEPEST + " deep.");
        }
        if (node.has("class")) {
            expression(node);
            fields(node, scope, depth + 1);
        } else if (node.path("type").isTextual()) {
            table(node, scope, depth + 1);
        } else {
            fields(node, scope, depth);
        }
    }

    private void fields(JsonNode node, Set<String> scope, int depth) {
        for (JsonNode field : node) {
            visit(field, scope, depth);
        }
    }

    private void expression(JsonNode node) {
        String kind = node.path("class").asText();
        if (!EXPRESSIONS.contains(kind)) {
            throw refusedKind(node);
        }
        if (kind.equals("FUNCTION") || kind.equals("WINDOW")) {
            String name = node.path("function_name").asText();
            if (node.path("export_state").asBoolean()) {
                throw refused("Function '" + name + "': EXPORT_STATE is not offered.");
            }
            if (!name.isEmpty() && !functions.allows(name)) {
                throw new WeirException("sql-function-refused", Whose.USER, functions.refusal(name) + at(node));
            }
        }
    }

    private void table(JsonNode node, Set<String> scope, int depth) {
        String type = node.path("type").asText();
        if (QUERIES.contains(type)) {
            queryFields(node, scope, depth);
            return;
        }
        switch (type) {
            case "BASE_TABLE" -> baseTable(node, scope);
            case "TABLE_FUNCTION" -> tableFunction(node, scope, depth);
            case "SHOW_REF" -> {
                if (!node.path("query").isObject()) {
                    throw refused("SQL: SHOW is not offered; DESCRIBE <topic> and GET /sql/schemas/<topic> are.");
                }
                fields(node, scope, depth);
            }
            case "EMPTY", "SUBQUERY", "JOIN", "EXPRESSION_LIST", "PIVOT" -> fields(node, scope, depth);
            default -> {
                if (!MODIFIERS.contains(type)) {
                    throw refusedKind(node);
                }
                fields(node, scope, depth);
            }
        }
    }

    /// A CTE sees those before it, and itself when it is recursive; the query sees them all.
    private void queryFields(JsonNode node, Set<String> outer, int depth) {
        Set<String> scope = new HashSet<>(outer);
        for (JsonNode entry : node.path("cte_map").path("map")) {
            String name = entry.path("key").asText().toLowerCase(Locale.ROOT);
            JsonNode definition = entry.path("value");
            Set<String> inner = new HashSet<>(scope);
            if (definition.path("query_node").path("type").asText().equals("RECURSIVE_CTE_NODE")) {
                inner.add(name);
            }
            fields(definition, inner, depth);
            scope.add(name);
        }
        node.properties().forEach(field -> {
            if (!field.getKey().equals("cte_map")) {
                visit(field.getValue(), scope, depth);
            }
        });
    }

    private void baseTable(JsonNode node, Set<String> scope) {
        tablesNamed++;
        String name = node.path("table_name").asText();
        String schema = node.path("schema_name").asText();
        String catalog = node.path("catalog_name").asText();
        if (!schema.isEmpty() || !catalog.isEmpty()) {
            String whole = (catalog.isEmpty() ? "" : catalog + ".") + schema + "." + name;
            throw new WeirException(
                    "topic-unknown",
                    Whose.USER,
                    404,
                    "Relation '" + whole + "': topics have no schema. A topic name with dots needs double quotes: \""
                            + whole + "\"." + at(node),
                    null);
        }
        if (!node.path("at_clause").isNull() && !node.path("at_clause").isMissingNode()) {
            throw refused("SQL: AT is not offered; send 'asOf' with the request instead.");
        }
        if (!scope.contains(name.toLowerCase(Locale.ROOT))) {
            relations.add(name);
        }
        fields(node.path("sample"), scope, 0);
    }

    private void tableFunction(JsonNode node, Set<String> scope, int depth) {
        JsonNode function = node.path("function");
        if (!function.path("class").asText().equals("FUNCTION")) {
            throw refusedKind(node);
        }
        String name = function.path("function_name").asText();
        if (!functions.allowsTable(name)) {
            throw new WeirException("sql-function-refused", Whose.USER, functions.tableRefusal(name) + at(node));
        }
        fields(function, scope, depth);
        fields(node.path("sample"), scope, depth);
    }

    static WeirException refused(String message) {
        return new WeirException("sql-refused", Whose.USER, message);
    }

    private static WeirException refusedKind(JsonNode node) {
        String kind = node.has("class")
                ? node.path("class").asText()
                : node.path("type").asText("nothing");
        return refused("SQL: '" + kind + "' is not offered: a statement reads topics, and nothing else." + at(node));
    }

    /// ` (at character 17)` where the tree knows; the first character is 1.
    private static String at(JsonNode node) {
        JsonNode location = node.path("query_location");
        return location.canConvertToInt() ? " (at character " + (location.asInt() + 1) + ")" : "";
    }
}
