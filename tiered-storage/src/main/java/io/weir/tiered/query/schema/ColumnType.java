package io.weir.tiered.query.schema;

import java.util.List;

/// What a column holds. The spelling of `sqlName` is DuckDB's.
public sealed interface ColumnType {
    String sqlName();

    /// Types without parameters.
    enum Scalar implements ColumnType {
        /// JSON integers of at most 18 digits.
        BIGINT,
        /// JSON numbers, read as IEEE doubles.
        DOUBLE,
        BOOLEAN,
        /// Strings that are UUIDs in lower case with dashes.
        UUID,
        /// Strings `yyyy-mm-ddThh:mm:ss[.ffffff]Z`.
        TIMESTAMPTZ,
        /// Strings; of any other JSON value its text.
        VARCHAR,
        /// Bytes of an Avro value; JSON has none.
        BLOB,
        /// Any JSON value, as its text.
        JSON;

        @Override
        public String sqlName() {
            return name();
        }
    }

    /// Numbers of at most 15 digits (so that an IEEE double carries them exactly) with at most `scale` of them after
    /// the point.
    record Decimal(int scale) implements ColumnType {
        static final int MOST_DIGITS = 15;
        static final int MOST_SCALE = MOST_DIGITS - 1;

        public Decimal {
            if (scale < 0 || scale > MOST_SCALE) {
                throw new IllegalArgumentException(
                        "Decimal column: 0 <= scale <= " + MOST_SCALE + " must hold, got " + scale + ".");
            }
        }

        @Override
        public String sqlName() {
            return "DECIMAL(18," + scale + ")";
        }
    }

    /// JSON objects of one shape.
    record Struct(List<Column> fields) implements ColumnType {
        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public String sqlName() {
            StringBuilder name = new StringBuilder("STRUCT(");
            for (Column field : fields) {
                name.append(name.length() > 7 ? ", " : "")
                        .append('"')
                        .append(field.name().replace("\"", "\"\""))
                        .append("\" ")
                        .append(field.type().sqlName());
            }
            return name.append(')').toString();
        }
    }

    /// JSON arrays whose elements are of one type.
    record Listing(ColumnType element) implements ColumnType {
        @Override
        public String sqlName() {
            return element.sqlName() + "[]";
        }
    }
}
