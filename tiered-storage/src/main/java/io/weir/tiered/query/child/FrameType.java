package io.weir.tiered.query.child;

import java.io.IOException;

/// What a frame between the node and its SQL child means. Codes below 64 go to the child, the others come from it.
public enum FrameType {
    /// `{settings}`: limits for all statements of this child; answered by READY.
    OPEN(1),
    /// `{sql}`: answered by TREE or REFUSED.
    PARSE(2),
    /// A whole statement with its relations; answered by COLUMNS, PAGE*, then DONE, FAILED or CANCELLED.
    EXECUTE(3),
    /// `{pages}`: so many more pages may be sent.
    CREDIT(4),
    /// Ends the running statement; harmless when there is none.
    CANCEL(5),
    /// The child ends with exit code 0.
    CLOSE(6),
    /// `{duckdb, extensions, pid}`
    READY(64),
    /// `{"error":false,"statements":[...]}` as DuckDB's `json_serialize_sql` writes it.
    TREE(65),
    /// `{kind, message, position?}`: the text is no SQL, or no SELECT.
    REFUSED(66),
    /// `{columns:[{name,type}]}`
    COLUMNS(67),
    /// Rows: one JSON array or one CSV record per line.
    PAGE(68),
    /// `{rows, truncated}`
    DONE(69),
    /// `{kind, message, position?}`
    FAILED(70),
    /// The statement ended because of CANCEL.
    CANCELLED(71);

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static FrameType of(int code) throws IOException {
        for (FrameType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IOException("Frame: unknown type " + code + ".");
    }
}
