package io.weir.connect.worker;

import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The few header values that Connect's runtime reads, in the type that its signatures demand.
final class CallerHeaders implements HttpHeaders {
    private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private CallerHeaders() {}

    /// Only `Authorization`, when there is one.
    static HttpHeaders of(Caller caller) {
        CallerHeaders headers = new CallerHeaders();
        headers.put(AUTHORIZATION, caller.authorization());
        return headers;
    }

    /// The two headers that sign a request between workers.
    static HttpHeaders signed(
            String signatureHeader, @Nullable String signature, String algorithmHeader, @Nullable String algorithm) {
        CallerHeaders headers = new CallerHeaders();
        headers.put(signatureHeader, signature);
        headers.put(algorithmHeader, algorithm);
        return headers;
    }

    private void put(String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    @Override
    public @Nullable String getHeaderString(String name) {
        return values.get(name);
    }

    @Override
    public List<String> getRequestHeader(String name) {
        String value = values.get(name);
        return value == null ? List.of() : List.of(value);
    }

    @Override
    public MultivaluedMap<String, String> getRequestHeaders() {
        return new MultivaluedHashMap<>(values);
    }

    @Override
    public List<MediaType> getAcceptableMediaTypes() {
        return List.of(MediaType.APPLICATION_JSON_TYPE);
    }

    @Override
    public List<Locale> getAcceptableLanguages() {
        return List.of();
    }

    @Override
    public MediaType getMediaType() {
        return MediaType.APPLICATION_JSON_TYPE;
    }

    @Override
    public @Nullable Locale getLanguage() {
        return null;
    }

    @Override
    public Map<String, Cookie> getCookies() {
        return Map.of();
    }

    @Override
    public @Nullable Date getDate() {
        return null;
    }

    @Override
    public int getLength() {
        return -1;
    }
}
