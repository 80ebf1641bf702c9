package io.weir.log.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// JSON objects of a request's body, read by hand so that a wrong one is refused in words. Numbers keep their
/// digits.
final class JsonBody {
    static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_OBJECTS = 10_000;

    private JsonBody() {}

    /// The only object of a body.
    ///
    /// @throws JsonProcessingException when it is not JSON
    static ObjectNode object(byte[] body) throws JsonProcessingException {
        List<ObjectNode> objects = objects(body);
        if (objects.size() != 1) {
            throw invalid("Body: must be one JSON object, got " + objects.size() + ".");
        }
        return objects.getFirst();
    }

    /// Objects one after the other, with or without line ends between them; at least one, at most 10,000 in 8 MiB,
    /// as all of them stand in memory at once.
    ///
    /// @throws WeirException `body-invalid`, `body-too-large` (413)
    static List<ObjectNode> objects(byte[] body) throws JsonProcessingException {
        if (body.length > MOST_BYTES) {
            throw tooLarge("must be at most " + MOST_BYTES + " bytes, got " + body.length + ".");
        }
        List<ObjectNode> objects = new ArrayList<>();
        try (JsonParser parser = EXACT.createParser(body)) {
            while (parser.nextToken() != null) {
                JsonNode value = EXACT.readTree(parser);
                if (!(value instanceof ObjectNode object)) {
                    throw invalid("Body: value " + (objects.size() + 1) + " must be a JSON object, got "
                            + value.getNodeType().name().toLowerCase(Locale.ROOT) + ".");
                }
                if (objects.size() == MOST_OBJECTS) {
                    throw tooLarge("must hold at most " + MOST_OBJECTS + " objects, got more.");
                }
                objects.add(object);
            }
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (objects.isEmpty()) {
            throw invalid("Body: must be a JSON object, got nothing.");
        }
        return objects;
    }

    /// @param subject begins the message: `Body` or `Record 3`
    static void requireMembers(ObjectNode object, Set<String> known, String subject) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw invalid(subject + ", member '" + name + "': not known, only "
                        + known.stream().sorted().toList() + "." + NearestName.hint(known, name));
            }
        });
    }

    static Optional<String> text(ObjectNode object, String name, String subject) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw invalid(subject + ", member '" + name + "': must be a string, got " + value + ".");
        }
        return Optional.of(value.textValue());
    }

    static OptionalInt number(ObjectNode object, String name, String subject) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw invalid(subject + ", member '" + name + "': must be a whole number, got " + value + ".");
        }
        return OptionalInt.of(value.intValue());
    }

    private static WeirException tooLarge(String words) {
        return new WeirException(
                "body-too-large", Whose.USER, 413, "Body: " + words + " Send it in parts; nothing was done.", null);
    }

    static WeirException invalid(String message) {
        return new WeirException("body-invalid", Whose.USER, message);
    }
}
