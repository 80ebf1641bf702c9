package io.weir.streams.dsl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The JSON form of expressions: `{"field":"type"}`, `{"eq":[{"field":"type"},"click"]}`,
/// `{"constant":5}`, `{"both":[...]}`, `{"opaque":"9f2c..."}`.
final class ExprJson {
    private ExprJson() {}

    static ObjectNode write(Expr expr) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        switch (expr) {
            case Field field -> node.put("field", field.name());
            case Opaque opaque -> node.put("opaque", opaque.fingerprint());
            case Constant constant -> node.putPOJO("constant", constant.shown());
            case Both both -> node.putArray("both").add(write(both.first())).add(write(both.second()));
            case Comparison comparison -> {
                ArrayNode operands = node.putArray(comparison.operator().json());
                operands.add(write(comparison.subject()));
                for (Object constant : comparison.constants()) {
                    operands.addPOJO(constant);
                }
            }
        }
        return node;
    }

    static Opaque readOpaque(String stage, JsonNode node) {
        if (read(stage, node) instanceof Opaque opaque) {
            return opaque;
        }
        throw new PlanRefused(stage, "plan-format", "this function is opaque, got " + node + ".");
    }

    static Expr read(String stage, JsonNode node) {
        String name = node.size() == 1 ? node.fieldNames().next() : "";
        JsonNode content = node.path(name);
        return switch (name) {
            case "field" -> new Field(content.asText(), null);
            case "opaque" -> new Opaque(content.asText(), null);
            case "constant" -> new Constant(constant(stage, content), null);
            case "both" -> new Both(read(stage, content.path(0)), read(stage, content.path(1)));
            default -> comparison(stage, name, content, node);
        };
    }

    private static Expr comparison(String stage, String name, JsonNode content, JsonNode node) {
        for (Comparison.Operator operator : Comparison.Operator.values()) {
            if (operator.json().equals(name) && content.isArray() && !content.isEmpty()) {
                List<Object> constants = new ArrayList<>();
                for (int i = 1; i < content.size(); i++) {
                    constants.add(constant(stage, content.get(i)));
                }
                return new Comparison(operator, read(stage, content.get(0)), constants, null);
            }
        }
        throw new PlanRefused(stage, "unknown-field", "unknown expression, got " + node + ".");
    }

    private static Object constant(String stage, @Nullable JsonNode node) {
        if (node != null && node.isTextual()) {
            return node.textValue();
        }
        if (node != null && node.isBoolean()) {
            return node.booleanValue();
        }
        if (node != null && node.isNumber()) {
            return Comparison.number(node.decimalValue());
        }
        throw new PlanRefused(stage, "plan-format", "a constant is a string, number or boolean, got " + node + ".");
    }
}
