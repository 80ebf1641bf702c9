package io.weir.streams.rest;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;

/// Reads numbers in paths.
final class Numbers {
    private Numbers() {}

    /// The number of a version, with or without a leading `v`.
    static int version(String given) {
        String digits = given.startsWith("v") ? given.substring(1) : given;
        if (!digits.matches("[1-9][0-9]{0,8}")) {
            throw new WeirException(
                    "parameter-invalid",
                    Whose.USER,
                    "Version '" + given + "': must be a number from 1 on, as in /versions/2.");
        }
        return Integer.parseInt(digits);
    }
}
