package io.weir.tiered.shape;

import java.util.List;

/// The stored form of a shape. Canonical: equal shapes have equal bytes, and the id is their hash.
///
/// ```
/// u8 version | steps
/// version 1
///        2 as 1, with a VARIED
///        3 of an element of a VARIED: varint field ids of the list and of its elements' shapes, then steps as in 2
/// step   varint n | n bytes of text | u8 op | by op:
///        0 END
///        1 LONG, 4 BOOLEAN, 6 UUID, 9 TEXT,     varint field id
///        11 JSON
///        2 DECIMAL                              varint field id | u8 digits behind the point
///        3 DOUBLE                               varint field id | u8 style: 0 JavaScript, 1 Java, 2 Python,
///                                               16 + n: n digits behind the point
///        5 STRING                               varint field id | u8 style: 0 minimal, 1 ASCII, 2 HTML, 3 wide HTML,
///                                               4 minimal, capital hex, 5 ASCII, capital hex
///        7 INSTANT                              varint field id | u8 style: 0 date, 1 s, 2 ms, 3 us, 4 s Z, 5 ms Z,
///                                               6 us Z
///        8 LIST                                 varint field id | three texts (varint n, n bytes): open, separator,
///                                               close | steps of one element, ending with END
///        12 VARIED                              varint field id | varint field id of its elements' shapes | three
///                                               texts as of a LIST
///        10 PRESENT                             varint field id: this struct, or this empty list, is there
///        16 VARINT                              varint field id | u8 null, + 4 when milliseconds fill a TIMESTAMP
///        17 FLOAT64, 18 FLOAT32, 19 FLAG,       varint field id | u8 null: 0 never, 1 branch 0 of a union of two is
///        20 PREFIXED                            null, 2 branch 1 is; + 8 a PREFIXED of UTF-8
///        21 FIXED                               varint field id | u8 null | varint size
///        22 SYMBOL                              varint field id | u8 null | varint count | texts (varint n, n bytes)
///        23 BLOCK                               varint field id | steps of one element, ending with END
/// varint 7 bits a byte, low bits first
/// ```
///
/// This class writes it, [ShapeCompiler] reads it. One thread.
final class ShapeForm {
    static final int VERSION_1 = 1;
    static final int VERSION_2 = 2;
    static final int ELEMENT = 3;

    private final TextOut form = new TextOut();
    private byte[] source = new byte[0];
    private int literalStart;
    private int literalEnd;

    /// Begins a shape whose text stands in `text` from `start` on.
    void begin(byte[] text, int start) {
        form.reset();
        form.put(VERSION_1);
        source = text;
        resume(start);
    }

    /// Begins the shape of an element whose text stands in `text` from `start` on.
    void beginElement(int listFieldId, int shapesFieldId, byte[] text, int start) {
        form.reset();
        form.put(ELEMENT);
        varint(listFieldId);
        varint(shapesFieldId);
        source = text;
        resume(start);
    }

    /// Text up to `end` stands as it is.
    void literalTo(int end) {
        literalEnd = end;
    }

    /// A hole, or a mark that takes no text.
    ///
    /// @param end of the hole's text
    void hole(int op, int fieldId, int style, int end) {
        text(source, literalStart, literalEnd - literalStart);
        form.put(op);
        varint(fieldId);
        if (hasStyle(op)) {
            form.put(style);
        }
        resume(end);
    }

    /// A binary hole of a FIXED.
    void fixed(int fieldId, int style, int size, int end) {
        hole(Step.FIXED, fieldId, style, end);
        varint(size);
    }

    /// A binary hole of a SYMBOL.
    void symbol(int fieldId, int style, List<byte[]> symbols, int end) {
        hole(Step.SYMBOL, fieldId, style, end);
        varint(symbols.size());
        symbols.forEach(symbol -> text(symbol, 0, symbol.length));
    }

    /// Begins a list in one block.
    void block(int fieldId) {
        text(source, literalStart, literalEnd - literalStart);
        form.put(Step.BLOCK);
        varint(fieldId);
    }

    void present(int fieldId) {
        hole(Step.PRESENT, fieldId, 0, literalEnd);
    }

    /// Begins a list; its texts are indexes into the source, end exclusive.
    void list(int fieldId, int openStart, int openEnd, byte[] separator, int closeStart, int closeEnd) {
        text(source, literalStart, literalEnd - literalStart);
        form.put(Step.LIST);
        varint(fieldId);
        text(source, openStart, openEnd - openStart);
        text(separator, 0, separator.length);
        text(source, closeStart, closeEnd - closeStart);
    }

    /// A list each of whose elements has a shape of its own; nothing follows of the elements.
    void varied(
            int fieldId,
            int shapesFieldId,
            int openStart,
            int openEnd,
            byte[] separator,
            int closeStart,
            int closeEnd) {
        text(source, literalStart, literalEnd - literalStart);
        form.put(Step.VARIED);
        varint(fieldId);
        varint(shapesFieldId);
        text(source, openStart, openEnd - openStart);
        text(separator, 0, separator.length);
        text(source, closeStart, closeEnd - closeStart);
        if (form.bytes()[0] == VERSION_1) {
            form.bytes()[0] = VERSION_2;
        }
        resume(closeEnd);
    }

    /// The literal goes on at `at`.
    void resume(int at) {
        literalStart = at;
        literalEnd = at;
    }

    /// Ends the shape, or the steps of an element.
    void end() {
        text(source, literalStart, literalEnd - literalStart);
        form.put(Step.END);
    }

    /// A place to come back to.
    ///
    /// @param size of the form
    /// @param literalStart of the text that is still to be written
    record Mark(byte version, int size, int literalStart, int literalEnd) {}

    Mark mark() {
        return new Mark(form.bytes()[0], form.size(), literalStart, literalEnd);
    }

    /// Forgets what was written since.
    void backTo(Mark mark) {
        form.shrinkTo(mark.size());
        form.bytes()[0] = mark.version();
        literalStart = mark.literalStart();
        literalEnd = mark.literalEnd();
    }

    static boolean hasStyle(int op) {
        return op == Step.DECIMAL
                || op == Step.DOUBLE
                || op == Step.STRING
                || op == Step.INSTANT
                || (op >= Step.BINARY && op != Step.BLOCK);
    }

    private void text(byte[] from, int start, int length) {
        varint(length);
        form.put(from, start, length);
    }

    private void varint(int value) {
        int rest = value;
        while (rest >= 0x80) {
            form.put((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        form.put(rest);
    }

    byte[] bytes() {
        return form.bytes();
    }

    int size() {
        return form.size();
    }
}
