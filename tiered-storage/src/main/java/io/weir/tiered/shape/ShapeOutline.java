package io.weir.tiered.shape;

import io.weir.tiered.segment.CorruptSegmentException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the members of a JSON object stand that has a given shape: which column gives which member of the top
/// level, and how it is spelled. A member that is named nowhere is absent, or `null` in the text itself.
///
/// @param holes members that one scalar column gives, by key
/// @param others keys whose values are anything else: objects, arrays, JSON text
/// @param texts field ids of the columns of JSON text
public record ShapeOutline(Map<String, Hole> holes, Set<String> others, Set<Integer> texts) {
    /// A longer one is not looked into: readers of JSON have limits for keys.
    private static final int MOST_BYTES = 40_000;

    public ShapeOutline {
        holes = Map.copyOf(holes);
        others = Set.copyOf(others);
        texts = Set.copyOf(texts);
    }

    /// A member.
    ///
    /// @param digits behind the point of a decimal, else 0
    public record Hole(Kind kind, int fieldId, int digits) {}

    /// What stands in the text.
    public enum Kind {
        LONG,
        DECIMAL,
        DOUBLE,
        BOOLEAN,
        STRING,
        UUID,
        /// An instant with its zone.
        INSTANT,
        /// A date or a time without a zone.
        LOCAL_TIME
    }

    /// Empty for a shape of anything but a JSON object.
    ///
    /// @param form as the sidecar has it
    /// @throws CorruptSegmentException the bytes are no shape
    public static Optional<ShapeOutline> of(byte[] form) {
        if (form.length > MOST_BYTES) {
            return Optional.empty();
        }
        Walk walk = new Walk(ByteBuffer.wrap(form));
        return walk.whole() ? Optional.of(new ShapeOutline(walk.holes, walk.others, walk.texts)) : Optional.empty();
    }

    /// Reads the text between the holes as JSON.
    private static final class Walk {
        final Map<String, Hole> holes = new HashMap<>();
        final Set<String> others = new HashSet<>();
        final Set<Integer> texts = new HashSet<>();
        private final ByteBuffer form;
        private final Set<String> keys = new HashSet<>();
        private final ByteArrayOutputStream key = new ByteArrayOutputStream();
        private int depth;
        private boolean inString;
        private boolean escaped;
        private @Nullable String member;
        private boolean understood = true;
        private boolean object;

        Walk(ByteBuffer form) {
            this.form = form;
        }

        boolean whole() {
            int version = form.get();
            if (version == ShapeForm.ELEMENT) {
                return false;
            }
            if (version != ShapeForm.VERSION_1 && version != ShapeForm.VERSION_2) {
                throw new CorruptSegmentException(
                        "Shape: versions 1 to 3 can be read, got " + version + "; a newer Weir has written it.");
            }
            steps(true);
            return understood && object;
        }

        private void steps(boolean outermost) {
            while (true) {
                byte[] literal = text();
                int op = form.get();
                if (outermost) {
                    read(literal);
                }
                if (op == Step.END) {
                    return;
                }
                step(op, outermost);
            }
        }

        private void step(int op, boolean outermost) {
            int fieldId = varint();
            int style = ShapeForm.hasStyle(op) ? form.get() & 0xFF : 0;
            switch (op) {
                case Step.PRESENT -> {}
                case Step.LIST -> {
                    text();
                    text();
                    text();
                    steps(false);
                    taken(outermost, null);
                }
                case Step.LONG -> taken(outermost, new Hole(Kind.LONG, fieldId, 0));
                case Step.DECIMAL -> taken(outermost, new Hole(Kind.DECIMAL, fieldId, style));
                case Step.DOUBLE -> taken(outermost, new Hole(Kind.DOUBLE, fieldId, 0));
                case Step.BOOLEAN -> taken(outermost, new Hole(Kind.BOOLEAN, fieldId, 0));
                case Step.STRING -> taken(outermost, new Hole(Kind.STRING, fieldId, 0));
                case Step.UUID -> taken(outermost, new Hole(Kind.UUID, fieldId, 0));
                case Step.INSTANT -> {
                    Kind kind = InstantStyle.of(style).zone ? Kind.INSTANT : Kind.LOCAL_TIME;
                    taken(outermost, new Hole(kind, fieldId, 0));
                }
                case Step.JSON -> {
                    // of one further down no statement can ask how long it is
                    understood &= outermost && depth == 1;
                    texts.add(fieldId);
                    taken(outermost, null);
                }
                default -> understood &= skipped(op);
            }
        }

        /// Text, Avro, and lists whose elements have shapes of their own.
        private boolean skipped(int op) {
            switch (op) {
                case Step.FIXED -> varint();
                case Step.SYMBOL -> {
                    for (int left = varint(); left > 0; left--) {
                        text();
                    }
                }
                case Step.BLOCK -> steps(false);
                case Step.VARIED -> {
                    varint();
                    text();
                    text();
                    text();
                }
                default -> {}
            }
            return false;
        }

        private void taken(boolean outermost, @Nullable Hole hole) {
            if (!outermost || depth > 1) {
                return;
            }
            String name = member;
            if (depth == 0 || name == null) {
                understood = false;
            } else if (hole == null) {
                others.add(name);
            } else {
                holes.put(name, hole);
            }
        }

        private void read(byte[] literal) {
            for (byte c : literal) {
                if (inString) {
                    inString(c);
                } else {
                    between(c);
                }
            }
        }

        private void inString(byte c) {
            if (escaped) {
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == '"') {
                inString = false;
                if (depth == 1) {
                    named();
                }
                return;
            }
            key.write(c);
        }

        /// A key of the top level is complete. One that comes twice is not looked into.
        private void named() {
            String name = JsonKey.read(key.toByteArray(), 0, key.size());
            if (name == null || member != null || !keys.add(name)) {
                understood = false;
            }
            member = name;
        }

        private void between(byte c) {
            switch (c) {
                case '"' -> {
                    inString = true;
                    key.reset();
                }
                case '{', '[' -> {
                    object |= depth == 0 && c == '{';
                    if (depth == 1 && member != null) {
                        others.add(member);
                    }
                    depth++;
                }
                case '}', ']' -> depth--;
                case ',' -> member = depth == 1 ? null : member;
                // of what else may stand there, only null means the same as nothing
                case ':', ' ', '\t', '\r', '\n', 'n', 'u', 'l' -> {}
                default -> understood = false;
            }
        }

        private byte[] text() {
            byte[] bytes = new byte[varint()];
            form.get(bytes);
            return bytes;
        }

        private int varint() {
            int value = 0;
            int shift = 0;
            int next = form.get();
            while (next < 0) {
                value |= (next & 0x7F) << shift;
                shift += 7;
                next = form.get();
            }
            return value | next << shift;
        }
    }
}
