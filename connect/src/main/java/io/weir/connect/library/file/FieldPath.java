package io.weir.connect.library.file;

import java.util.regex.Pattern;

/// The way to one field of a JSON object, `properties.net`, followed while a parser walks over the object.
///
/// Depth counts the open objects and arrays; the fields of the outermost object are at depth 1. `followed`
/// names of the path lead to the object that the parser is in: `0 <= followed <= names.length - 1`.
final class FieldPath {
    private static final Pattern DOT = Pattern.compile("\\.");

    private final String text;
    private final String[] names;
    private int followed;

    FieldPath(String text) {
        this.text = text;
        this.names = DOT.split(text, -1);
    }

    void begin() {
        followed = 0;
    }

    /// Whether the field `name` at `depth` is the one.
    boolean reaches(String name, int depth) {
        return followed == depth - 1 && depth == names.length && names[depth - 1].equals(name);
    }

    /// Notes that the parser enters the object in field `name` of the object at `depth`.
    void enter(String name, int depth) {
        if (followed == depth - 1 && depth < names.length && names[depth - 1].equals(name)) {
            followed = depth;
        }
    }

    /// Notes that the parser is back in the object or array at `depth`.
    void leave(int depth) {
        followed = Math.min(followed, Math.max(0, depth - 1));
    }

    @Override
    public String toString() {
        return text;
    }
}
