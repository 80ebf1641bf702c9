package io.weir.log.rest;

/// Names for failures nobody expected: short, unique enough to find one line in the log. Safe for any thread.
@FunctionalInterface
public interface IncidentIds {
    String next();
}
