package io.weir.tiered.shape;

import java.util.List;

/// What a column of a topic's table holds.
public sealed interface ColumnType {
    /// A leaf without parameters.
    enum Scalar implements ColumnType {
        LONG,
        DOUBLE,
        BOOLEAN,
        STRING,
        BINARY,
        UUID,
        /// An instant, in microseconds since 1970-01-01T00:00:00Z.
        TIMESTAMP,
        /// A JSON value as its text: of a key whose values take no form that columns could follow. Top level only.
        JSON
    }

    ColumnType LONG = Scalar.LONG;
    ColumnType DOUBLE = Scalar.DOUBLE;
    ColumnType BOOLEAN = Scalar.BOOLEAN;
    ColumnType STRING = Scalar.STRING;
    ColumnType BINARY = Scalar.BINARY;
    ColumnType UUID = Scalar.UUID;
    ColumnType TIMESTAMP = Scalar.TIMESTAMP;
    ColumnType JSON = Scalar.JSON;

    /// A number with a fixed count of fraction digits.
    ///
    /// @param precision decimal digits in all, at most 18
    record Decimal(int precision, int scale) implements ColumnType {
        /// Most digits of a decimal: the unscaled value fits 64 bits.
        public static final int MAX_PRECISION = 18;

        public Decimal {
            if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
                throw new IllegalArgumentException(
                        "Decimal: 1 <= precision <= 18 and 0 <= scale <= precision must hold, got " + precision
                                + " and " + scale + ".");
            }
        }
    }

    /// An object: its fields in order. Never empty in a table.
    record Struct(List<Column> fields) implements ColumnType {
        public Struct {
            fields = List.copyOf(fields);
        }
    }

    /// An array.
    ///
    /// @param element named `element`
    record ListOf(Column element) implements ColumnType {}
}
