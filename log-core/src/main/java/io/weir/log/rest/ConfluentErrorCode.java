package io.weir.log.rest;

/// The number that Confluent's REST API v3 gives beside the HTTP status. Its clients tell an unknown topic
/// (40403) from a path that does not exist (404) by it.
final class ConfluentErrorCode {
    private static final int UNKNOWN_TOPIC_OR_PARTITION = 40403;
    private static final int REFUSED_BY_THE_LOG = 40002;
    private static final int MALFORMED_BODY = 42206;
    private static final int TOO_MANY_REQUESTS = 42902;

    private ConfluentErrorCode() {}

    static int of(Problem problem) {
        return switch (problem.code()) {
            case "topic-not-found", "partition-not-found" -> UNKNOWN_TOPIC_OR_PARTITION;
            case "topic-exists", "topic-name-invalid", "topic-config-invalid" -> REFUSED_BY_THE_LOG;
            case "json-malformed", "produce-record-invalid" -> MALFORMED_BODY;
            case "tails-exhausted" -> TOO_MANY_REQUESTS;
            default -> problem.status();
        };
    }
}
