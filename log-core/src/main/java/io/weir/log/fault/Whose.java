package io.weir.log.fault;

/// Who has to act on a failure. Decides the HTTP status family and the exit code of a command.
public enum Whose {
    /// The caller: wrong input, missing right, unknown name. 4xx; exit code 2.
    USER,
    /// Something Weir depends on: a store, a peer, a source. 502 or 503, worth a retry; exit code 3.
    EXTERNAL,
    /// Weir itself. 500 with an incident id that also stands in the log; exit code 4.
    INTERNAL
}
