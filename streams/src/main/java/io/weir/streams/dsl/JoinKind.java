package io.weir.streams.dsl;

/// Which rows a join keeps that have no match.
public enum JoinKind {
    /// None.
    INNER("inner"),
    /// Those of the left side.
    LEFT("left"),
    /// Those of both sides.
    OUTER("outer");

    private final String json;

    JoinKind(String json) {
        this.json = json;
    }

    /// The name in a plan's JSON.
    String json() {
        return json;
    }

    static JoinKind of(String stage, String json) {
        for (JoinKind kind : values()) {
            if (kind.json.equals(json)) {
                return kind;
            }
        }
        throw new PlanRefused(stage, "plan-format", "a join is inner, left or outer, got '" + json + "'.");
    }
}
