package io.weir.log.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ProblemMappersTest {
    private final ProblemMappers mappers = new ProblemMappers(() -> "c0ffee");

    @Test
    void whatNobodyExpectedGetsAnIncidentIdAndShowsNoInnards() {
        Response answer = mappers.anything(new IllegalStateException("secret innards"), request("/jobs"));

        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.getEntity())
                .asString()
                .contains("\"instance\":\"c0ffee\"", "under incident c0ffee", "\"owner\":\"INTERNAL\"")
                .doesNotContain("innards");
    }

    @Test
    void aFailureOfWeirItselfKeepsItsWordsAndGetsAnIncidentId() {
        WeirException failure = new WeirException("journal-broken", Whose.INTERNAL, "Journal 'x': broken.");

        assertThat(mappers.weir(failure, request("/jobs")).getEntity())
                .asString()
                .contains("Journal 'x': broken. Incident c0ffee", "/problems/journal-broken");
    }

    @Test
    void aResponseThatAResourceMadeIsLeftAlone() {
        Response own = Response.status(409).entity("own words").build();

        assertThat(mappers.http(new WebApplicationException(own), request("/v3/x")))
                .isSameAs(own);
    }

    @Test
    void aWeirExceptionInsideAnHttpOneSpeaks() {
        WeirException inner = WeirException.notFound("topic-not-found", "Topic 'x': no such topic.");

        Response answer = mappers.http(new WebApplicationException(inner, 500), request("/v3/x"));

        assertThat(answer.getStatus()).isEqualTo(404);
        assertThat(answer.getEntity()).asString().contains("\"error_code\":40403");
    }

    @Test
    void aMethodThatIsNotAllowedNamesThoseThatAre() {
        Response answer = mappers.http(new NotAllowedException("GET", new String[] {"POST"}), request("/v3/clusters"));

        assertThat(answer.getStatus()).isEqualTo(405);
        assertThat(answer.getHeaderString("Allow")).contains("GET").contains("POST");
    }

    @Test
    void aPathThatDoesNotExistIsInConnectsWordsOnConnectsPaths() {
        Response answer = mappers.http(new NotFoundException(), request("/connectors/a/b"));

        assertThat(answer.getEntity())
                .isEqualTo("{\"error_code\":404,\"message\":"
                        + "\"Request 'GET /connectors/a/b': no such path or resource.\"}");
        assertThat(answer.getMediaType()).hasToString("application/json");
    }

    @Test
    void aFailureOfTheLogIsWorthARetry() {
        Response answer = mappers.kafka(new TimeoutException("no leader"), request("/jobs"));

        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.getEntity()).asString().contains("\"owner\":\"EXTERNAL\"");
    }

    private static ContainerRequestContext request(String path) {
        UriInfo uri = fake(UriInfo.class, "getPath", path);
        return (ContainerRequestContext) Proxy.newProxyInstance(
                ProblemMappersTest.class.getClassLoader(),
                new Class<?>[] {ContainerRequestContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getUriInfo" -> uri;
                    case "getMethod" -> "GET";
                    default -> null;
                });
    }

    private static <T> T fake(Class<T> type, String answered, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                ProblemMappersTest.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().equals(answered) ? answer : null));
    }
}
