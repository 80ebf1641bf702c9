package io.weir.log.rest;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A request's query parameters. A name that the resource does not know is refused, so that a typing error is
/// not taken for an answer to another question.
final class Parameters {
    private final UriInfo request;

    private Parameters(UriInfo request) {
        this.request = request;
    }

    /// @throws WeirException `parameter-unknown`, naming the nearest known one; `parameter-repeated`
    static Parameters of(UriInfo request, Set<String> known) {
        request.getQueryParameters().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw refused(
                        "parameter-unknown",
                        name,
                        "not known here, only " + known.stream().sorted().toList() + "."
                                + NearestName.hint(known, name));
            }
            if (values.size() > 1) {
                throw refused("parameter-repeated", name, "must be given once, got " + values.size() + " values.");
            }
        });
        return new Parameters(request);
    }

    Optional<String> text(String name) {
        List<String> values = request.getQueryParameters().get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    OptionalInt number(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text.get()));
        } catch (NumberFormatException e) {
            throw refused("parameter-invalid", name, "must be a whole number, got '" + text.get() + "'.");
        }
    }

    boolean flag(String name) {
        String text = text(name).orElse("false");
        return switch (text) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw refused("parameter-invalid", name, "must be 'true' or 'false', got '" + text + "'.");
        };
    }

    private static WeirException refused(String code, String name, String words) {
        return new WeirException(code, Whose.USER, "Parameter '" + name + "': " + words);
    }
}
