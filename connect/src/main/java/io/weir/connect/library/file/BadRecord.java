package io.weir.connect.library.file;

/// A record of a topic that cannot be a row. Its message is the reason and holds nothing of the record's
/// content.
final class BadRecord extends Exception {
    private static final long serialVersionUID = 1L;

    BadRecord(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
