package io.weir.streams.job.compare;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How rows are compared.
///
/// @param tolerance by column: numbers that differ by at most this are equal
/// @param ignore columns that do not count
/// @param expect which rows are meant to differ; empty for none
/// @param slices how many parts the keys are cut into by their hash; only the first one is looked at. 1 = all keys
public record CompareRules(
        Map<String, BigDecimal> tolerance, Set<String> ignore, Optional<Expectation> expect, int slices) {
    /// Byte for byte, all keys.
    public static final CompareRules EXACT = new CompareRules(Map.of(), Set.of(), Optional.empty(), 1);

    private static final JsonMapper JSON = new JsonMapper();

    public CompareRules {
        tolerance = Map.copyOf(tolerance);
        ignore = Set.copyOf(ignore);
    }

    /// Reads what a request said: `mode` (`full` or `1/64`), `tolerance` (`{"total":"0.01"}`), `ignore` (`["at"]`),
    /// `expect`.
    ///
    /// @throws WeirException `spec-invalid`, `expect-invalid` (400)
    public static CompareRules of(Map<String, String> request) {
        try {
            Map<String, BigDecimal> tolerance = new HashMap<>();
            JSON.readValue(request.getOrDefault("tolerance", "{}"), new TypeReference<Map<String, JsonNode>>() {})
                    .forEach((column, most) -> tolerance.put(column, new BigDecimal(most.asText())));
            List<String> ignore =
                    JSON.readValue(request.getOrDefault("ignore", "[]"), new TypeReference<List<String>>() {});
            String expect = request.getOrDefault("expect", "");
            return new CompareRules(
                    tolerance,
                    Set.copyOf(ignore),
                    expect.isBlank() ? Optional.empty() : Optional.of(Expectation.parse(expect)),
                    slices(request.getOrDefault("mode", "full")));
        } catch (IOException | NumberFormatException e) {
            throw refusal("Compare: tolerance must be numbers by column and ignore a list of columns, got tolerance="
                    + request.get("tolerance") + ", ignore=" + request.get("ignore") + ".");
        }
    }

    private static int slices(String mode) {
        if (mode.equals("full")) {
            return 1;
        }
        if (!mode.matches("1/[1-9][0-9]{0,5}")) {
            throw refusal("Member 'mode': must be full or a part of the keys such as 1/64, got '" + mode + "'.");
        }
        return Integer.parseInt(mode.substring(2));
    }

    private static WeirException refusal(String message) {
        return new WeirException("spec-invalid", Whose.USER, message);
    }
}
