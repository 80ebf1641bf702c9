package io.weir.log.rest;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.List;

/// How keys and values are shown.
enum Decoding {
    /// As JSON where it is JSON, else as text, else as base64. A key counts as JSON only as an object or a list.
    AUTO,
    JSON,
    TEXT,
    BASE64;

    private static final List<String> NAMES = List.of("auto", "json", "text", "base64");

    /// @throws WeirException `read-decode-invalid`
    static Decoding parse(String name) {
        return switch (name) {
            case "auto" -> AUTO;
            case "json" -> JSON;
            case "text" -> TEXT;
            case "base64" -> BASE64;
            default ->
                throw new WeirException(
                        "read-decode-invalid",
                        Whose.USER,
                        "Parameter 'decode': must be one of " + NAMES + ", got '" + name + "'."
                                + NearestName.hint(NAMES, name));
        };
    }
}
