package io.weir.log.rest;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A part of a list that is ordered by name. The token is the last name that was sent, so that topics created or
/// deleted between two pages move nothing.
///
/// @param token what the next page begins after; null on the last one
record Page<T>(List<T> items, int size, @Nullable String token) {
    /// Reads `page_size` and `page_token`; without a size everything is one page.
    static <T> Page<T> of(List<T> ordered, Function<T, String> name, Parameters parameters) {
        String after = parameters.text("page_token").map(Page::decoded).orElse("");
        List<T> rest = ordered.stream()
                .filter(item -> name.apply(item).compareTo(after) > 0)
                .toList();
        OptionalInt size = parameters.number("page_size");
        if (size.isPresent() && size.getAsInt() < 1) {
            throw new WeirException(
                    "parameter-invalid",
                    Whose.USER,
                    "Parameter 'page_size': must be at least 1, got " + size.getAsInt() + ".");
        }
        if (size.isEmpty() || rest.size() <= size.getAsInt()) {
            return new Page<>(rest, rest.size(), null);
        }
        List<T> items = rest.subList(0, size.getAsInt());
        return new Page<>(items, size.getAsInt(), encoded(name.apply(items.getLast())));
    }

    /// @param more further parameters of the list, or an empty string
    @Nullable
    String next(String self, String more) {
        if (token == null) {
            return null;
        }
        return self + "?" + (more.isEmpty() ? "" : more + "&") + "page_size=" + size + "&page_token="
                + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    private static String encoded(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new WeirException(
                    "parameter-invalid",
                    Whose.USER,
                    "Parameter 'page_token': must be one that an earlier page gave, got '" + token + "'.",
                    e);
        }
    }
}
