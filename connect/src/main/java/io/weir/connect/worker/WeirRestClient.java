package io.weir.connect.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.connect.runtime.rest.InternalRequestSignature;
import org.apache.kafka.connect.runtime.rest.RestClient;
import org.apache.kafka.connect.runtime.rest.entities.ErrorMessage;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.jspecify.annotations.Nullable;

/// Requests to the other workers of the group, by the JDK's HTTP client: forwarded ones and the signed internal
/// ones (KIP-507). Safe for use by any thread.
final class WeirRestClient extends RestClient implements AutoCloseable {
    private static final String CONNECTORS = "/connectors/";
    private static final Duration ANSWER_DEADLINE = Duration.ofMinutes(2);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    WeirRestClient(DistributedConfig config) {
        super(config);
    }

    @Override
    public <T> HttpResponse<T> httpRequest(
            String url,
            String method,
            @Nullable HttpHeaders headers,
            @Nullable Object requestBodyData,
            TypeReference<T> responseFormat,
            @Nullable SecretKey sessionKey,
            @Nullable String requestSignatureAlgorithm) {
        byte[] body = requestBodyData == null ? new byte[0] : Json.bytes(requestBodyData);
        URI address = URI.create(sessionKey == null ? url : withNameAsOneSegment(url));
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(ANSWER_DEADLINE)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(body));
        String authorization = headers == null ? null : headers.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (authorization != null) {
            request.header(HttpHeaders.AUTHORIZATION, authorization);
        }
        if (sessionKey != null && requestSignatureAlgorithm != null) {
            request.header(
                    InternalRequestSignature.SIGNATURE_HEADER, sign(sessionKey, requestSignatureAlgorithm, body));
            request.header(InternalRequestSignature.SIGNATURE_ALGORITHM_HEADER, requestSignatureAlgorithm);
        }
        return send(request.build(), responseFormat);
    }

    private <T> HttpResponse<T> send(HttpRequest request, TypeReference<T> responseFormat) {
        try {
            java.net.http.HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            int status = answer.statusCode();
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
            if (status >= 400) {
                throw refusal(request, status, headers, answer.body());
            }
            if (status < 200 || status >= 300) {
                throw new ConnectRestException(
                        500, "Unexpected status code when handling forwarded request: " + status);
            }
            if (answer.body().length == 0) {
                return noContent(status, headers);
            }
            return new HttpResponse<>(status, headers, Json.readAnswer(answer.body(), responseFormat));
        } catch (IOException e) {
            throw new ConnectRestException(
                    500, "IO Error trying to forward REST request to " + request.uri() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectRestException(500, "Thread was interrupted trying to forward REST request", e);
        }
    }

    // Connect's own client hands out null for an answer without a body, and its callers count on it.
    @SuppressWarnings("NullAway")
    private static <T> HttpResponse<T> noContent(int status, Map<String, String> headers) {
        return new HttpResponse<>(status, headers, null);
    }

    private static ConnectRestException refusal(
            HttpRequest request, int status, Map<String, String> headers, byte[] body) {
        try {
            ErrorMessage message = Json.readAnswer(body, new TypeReference<ErrorMessage>() {});
            return new ForwardedException(
                    status, message.errorCode(), message.message(), headers.containsKey(Failures.RETRY_AFTER));
        } catch (IOException e) {
            return new ConnectRestException(
                    502, 502, "Worker at " + request.uri() + " answered " + status + " in no known form.", e);
        }
    }

    /// Connect's herder builds the addresses of internal requests itself, `.../connectors/{name}/fence` or `/tasks`,
    /// and leaves a `/` in the name as it is: such a connector could not start on a worker that does not lead.
    static String withNameAsOneSegment(String url) {
        int nameStart = url.indexOf(CONNECTORS) + CONNECTORS.length();
        int nameEnd = url.lastIndexOf('/');
        if (nameStart < CONNECTORS.length() || nameEnd <= nameStart) {
            return url;
        }
        return url.substring(0, nameStart)
                + url.substring(nameStart, nameEnd).replace("/", "%2F")
                + url.substring(nameEnd);
    }

    private static String sign(SecretKey key, String algorithm, byte[] body) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new ConnectRestException(500, "The request could not be signed with " + algorithm, e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
