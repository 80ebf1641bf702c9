package io.weir.tiered.query;

import io.weir.tiered.shape.ShapeOutline;

/// A member of JSON objects as a reader wants it that binds objects to a type.
///
/// @param name of its column in statements
/// @param key in the objects
/// @param type what it is bound to
/// @param column whether the statement needs its values; else only that each can be bound
public record TypedMember(String name, String key, Type type, boolean column) {
    /// What a strict reader binds a member to: no number from a string, no whole number from a fraction.
    public enum Type {
        BOOLEAN("BOOLEAN"),
        INT("BIGINT"),
        LONG("BIGINT"),
        DECIMAL("DECIMAL(18,0)"),
        DOUBLE("DOUBLE"),
        TEXT("VARCHAR"),
        /// In microseconds since 1970.
        INSTANT("BIGINT"),
        UUID("VARCHAR");

        private final String sqlName;

        Type(String sqlName) {
            this.sqlName = sqlName;
        }

        /// Of a column that nothing fills.
        String sqlName() {
            return sqlName;
        }

        /// Whether what stands in the text gives the value.
        boolean isGivenBy(ShapeOutline.Kind kind) {
            return switch (kind) {
                case LONG -> this == INT || this == LONG || this == DECIMAL || this == DOUBLE;
                case DECIMAL -> this == DECIMAL || this == DOUBLE;
                case DOUBLE -> this == DOUBLE;
                case BOOLEAN -> this == BOOLEAN;
                case STRING -> this == TEXT;
                case INSTANT -> this == INSTANT;
                case UUID -> this == UUID;
                case LOCAL_TIME -> false;
            };
        }

        /// Whether a reader can bind what stands in the text, whatever it makes of it.
        boolean takes(ShapeOutline.Kind kind) {
            return isGivenBy(kind)
                    || switch (kind) {
                        case DOUBLE -> this == DECIMAL;
                        case INSTANT, LOCAL_TIME, UUID -> this == TEXT;
                        case LONG, DECIMAL, BOOLEAN, STRING -> false;
                    };
        }
    }
}
