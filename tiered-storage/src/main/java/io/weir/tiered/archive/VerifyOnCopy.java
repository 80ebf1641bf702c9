package io.weir.tiered.archive;

/// How much of a copy is checked before the broker hears that it is done (`weir.archive.verify-on-copy`).
public enum VerifyOnCopy {
    /// Every batch is rebuilt from the staged files and every uploaded byte is read back.
    FULL,
    /// The staged files open, and the uploaded ones have their length.
    FOOTER
}
