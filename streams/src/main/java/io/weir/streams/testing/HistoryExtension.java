package io.weir.streams.testing;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// Gives a test method the [HistorySlice] that its [History] annotations name.
public final class HistoryExtension implements ParameterResolver {
    private static final String PLACE = "weir.history";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == HistorySlice.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        List<History> histories =
                AnnotationSupport.findRepeatableAnnotations(context.getRequiredTestMethod(), History.class);
        Map<String, List<HistoryRecord>> records = new LinkedHashMap<>();
        for (History history : histories) {
            String given = history.source().isEmpty()
                    ? context.getConfigurationParameter(PLACE).orElse("")
                    : history.source();
            records.put(history.topic(), read(history, given));
        }
        return HistorySlice.of(records);
    }

    private static List<HistoryRecord> read(History history, String given) {
        if (given.isEmpty()) {
            throw new IllegalArgumentException("History of topic '" + history.topic()
                    + "': no place to read it from. Name one in 'source', or with -D" + PLACE
                    + "=http://localhost:8080 or file:///path/of/an/archive.");
        }
        URI place = URI.create(given);
        List<HistoryRecord> records = HistorySource.of(place)
                .read(
                        place,
                        history.topic(),
                        millis(history.from(), Long.MIN_VALUE),
                        millis(history.to(), Long.MAX_VALUE));
        if (records.isEmpty()) {
            throw new IllegalArgumentException("History of topic '" + history.topic() + "': " + given
                    + " has no record from '" + history.from() + "' to '" + history.to() + "'.");
        }
        return records;
    }

    private static long millis(String instant, long otherwise) {
        return instant.isEmpty() ? otherwise : Instant.parse(instant).toEpochMilli();
    }
}
