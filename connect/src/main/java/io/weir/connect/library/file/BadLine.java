package io.weir.connect.library.file;

/// A row that is no record. Its message is the reason and holds nothing of the row's content. It carries no
/// stack trace: a file may have many of them.
final class BadLine extends Exception {
    private static final long serialVersionUID = 1L;

    BadLine(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
