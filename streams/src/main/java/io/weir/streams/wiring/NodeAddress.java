package io.weir.streams.wiring;

import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Where other nodes reach this one over HTTP: as set, else from the advertised host and the port that was bound. To
/// be asked once HTTP listens.
@Singleton
public class NodeAddress implements Supplier<URI> {
    private final JobsConfig config;
    private final HttpServer http;
    private final String host;
    private final String root;

    @Inject
    NodeAddress(
            JobsConfig config,
            HttpServer http,
            @ConfigProperty(name = "weir.advertised.host") Optional<String> advertised,
            @ConfigProperty(name = "quarkus.http.host") Optional<String> host,
            @ConfigProperty(name = "quarkus.http.root-path", defaultValue = "/") String root) {
        this.config = config;
        this.http = http;
        this.host = advertised.filter(name -> !name.isBlank()).or(() -> host).orElse("127.0.0.1");
        this.root = root.endsWith("/") ? root : root + "/";
    }

    @Override
    public URI get() {
        return config.restUrl()
                .map(url -> url.getPath() != null && url.getPath().endsWith("/") ? url : URI.create(url + "/"))
                .orElseGet(() -> URI.create("http://" + host + ":" + http.getPort() + root));
    }
}
