package io.weir.streams.dsl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.streams.dsl.Stage.FoldColumn;
import io.weir.streams.dsl.Stage.FoldKind;
import java.util.ArrayList;
import java.util.List;

/// The JSON form of folds and windows: `[["n","count"],["total","sum",{"field":"amount"}]]`,
/// `{"initial":...,"fold":...,"merge":...}`, `{"reduce":...}`, `{"latest":true}`; `{"tumbling":60000}`,
/// `{"hopping":60000,"every":10000}`, `{"sliding":5000}`, `{"session":1800000}`.
final class FoldJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private FoldJson() {}

    static JsonNode write(Folding folding) {
        return switch (folding) {
            case Folding.Columns columns -> columns(columns.columns());
            case Folding.Reduce reduce -> JSON.objectNode().set("reduce", ExprJson.write(reduce.function()));
            case Folding.Latest latest -> JSON.objectNode().put("latest", true);
            case Folding.Code code -> {
                ObjectNode node = JSON.objectNode();
                node.set("initial", ExprJson.write(code.initial()));
                node.set("fold", ExprJson.write(code.fold()));
                Opaque merge = code.merge();
                if (merge != null) {
                    node.set("merge", ExprJson.write(merge));
                }
                yield node;
            }
        };
    }

    private static ArrayNode columns(List<FoldColumn> columns) {
        ArrayNode into = JSON.arrayNode();
        for (FoldColumn column : columns) {
            ArrayNode one = into.addArray().add(column.name()).add(column.kind().json());
            Expr of = column.of();
            if (of != null) {
                one.add(ExprJson.write(of));
            }
            if (column.limit() > 0) {
                one.add(column.limit());
            }
        }
        return into;
    }

    static Folding read(String stage, JsonNode node) {
        if (node.isArray()) {
            return new Folding.Columns(readColumns(stage, node));
        }
        Members members = new Members(stage, node);
        Folding folding;
        if (members.has("reduce")) {
            folding = new Folding.Reduce(ExprJson.readOpaque(stage, members.any("reduce")));
        } else if (members.has("latest")) {
            members.flag("latest");
            folding = new Folding.Latest();
        } else {
            folding = new Folding.Code(
                    ExprJson.readOpaque(stage, members.any("initial")),
                    ExprJson.readOpaque(stage, members.any("fold")),
                    members.has("merge") ? ExprJson.readOpaque(stage, members.any("merge")) : null);
        }
        members.end();
        return folding;
    }

    private static List<FoldColumn> readColumns(String stage, JsonNode columns) {
        List<FoldColumn> fold = new ArrayList<>();
        for (JsonNode column : columns) {
            fold.add(new FoldColumn(
                    column.path(0).asText(),
                    kind(stage, column.path(1).asText()),
                    column.has(2) ? ExprJson.read(stage, column.path(2)) : null,
                    column.path(3).asInt(0)));
        }
        return List.copyOf(fold);
    }

    private static FoldKind kind(String stage, String json) {
        for (FoldKind kind : FoldKind.values()) {
            if (kind.json().equals(json)) {
                return kind;
            }
        }
        throw new PlanRefused(stage, "plan-format", "unknown aggregate, got '" + json + "'.");
    }

    static ObjectNode write(WindowShape window) {
        ObjectNode node = JSON.objectNode();
        return switch (window) {
            case WindowShape.Tumbling tumbling -> node.put("tumbling", tumbling.sizeMillis());
            case WindowShape.Hopping hopping ->
                node.put("hopping", hopping.sizeMillis()).put("every", hopping.everyMillis());
            case WindowShape.Sliding sliding -> node.put("sliding", sliding.differenceMillis());
            case WindowShape.Session session -> node.put("session", session.gapMillis());
        };
    }

    static WindowShape readWindow(String stage, JsonNode node) {
        Members members = new Members(stage, node);
        WindowShape window;
        if (members.has("hopping")) {
            window = new WindowShape.Hopping(members.number("hopping"), members.number("every"));
        } else if (members.has("sliding")) {
            window = new WindowShape.Sliding(members.number("sliding"));
        } else if (members.has("session")) {
            window = new WindowShape.Session(members.number("session"));
        } else {
            window = new WindowShape.Tumbling(members.number("tumbling"));
        }
        members.end();
        return window;
    }
}
