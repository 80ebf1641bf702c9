package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import java.net.URI;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir attach ENGINE`: the lines to paste so that another engine reads the archive's tables.
@Command(
        name = "attach",
        description = {
            "Print the lines that attach DuckDB, Spark, Trino or PyIceberg to the archive's Iceberg tables.",
            "The engine reads the files itself: it must reach the archive's store."
        })
public final class AttachCommand extends NodeCommand {
    @Parameters(paramLabel = "ENGINE", description = "One of duckdb, spark, trino, pyiceberg.")
    private Engine engine = Engine.DUCKDB;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "A topic for the example query.")
    private String topic = "";

    /// Engines that we know the words of.
    enum Engine {
        DUCKDB,
        SPARK,
        TRINO,
        PYICEBERG
    }

    @Override
    public void run() {
        Api api = api();
        // asked at once: lines that lead nowhere help nobody
        JsonNode namespaces = api.get("/iceberg/v1/namespaces").path("namespaces");
        String namespace = namespaces.path(0).path(0).asText("lake");
        String table = topic.isEmpty() ? example(api, namespace) : topic;
        URI catalog = api.server().resolve("/iceberg");
        List<String> lines = lines(engine, catalog, namespace, table);
        if (wantsJson()) {
            ObjectNode answer = Api.JSON
                    .createObjectNode()
                    .put("engine", engine.name().toLowerCase(java.util.Locale.ROOT))
                    .put("uri", catalog.toString())
                    .put("text", String.join("\n", lines));
            printer().json(answer);
            return;
        }
        lines.forEach(printer()::line);
    }

    private static String example(Api api, String namespace) {
        return api.get("/iceberg/v1/namespaces/" + Api.escape(namespace) + "/tables")
                .path("identifiers")
                .path(0)
                .path("name")
                .asText("TOPIC");
    }

    private static List<String> lines(Engine engine, URI catalog, String namespace, String table) {
        String quoted = namespace + ".\"" + table + "\"";
        return switch (engine) {
            case DUCKDB ->
                List.of(
                        "INSTALL iceberg; LOAD iceberg;",
                        "ATTACH '' AS weir (TYPE iceberg, ENDPOINT '" + catalog + "', AUTHORIZATION_TYPE 'none');",
                        "SELECT * FROM weir." + quoted + " LIMIT 10;");
            case SPARK ->
                List.of(
                        "spark-sql --packages org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0 \\",
                        "  --conf spark.sql.catalog.weir=org.apache.iceberg.spark.SparkCatalog \\",
                        "  --conf spark.sql.catalog.weir.type=rest \\",
                        "  --conf spark.sql.catalog.weir.uri=" + catalog + " \\",
                        "  -e 'SELECT * FROM weir." + namespace + ".`" + table + "` LIMIT 10'");
            case TRINO ->
                List.of(
                        "# etc/catalog/weir.properties, beside the settings of the store: fs.native-s3.enabled=true ...,",
                        "# for HDFS and for a folder of the same machine fs.hadoop.enabled=true",
                        "connector.name=iceberg",
                        "iceberg.catalog.type=rest",
                        "iceberg.rest-catalog.uri=" + catalog,
                        "# then: SELECT * FROM weir." + quoted + " LIMIT 10;");
            case PYICEBERG ->
                List.of(
                        "from pyiceberg.catalog import load_catalog",
                        "weir = load_catalog('weir', type='rest', uri='" + catalog + "')",
                        "print(weir.load_table(('" + namespace + "', '" + table + "')).scan(limit=10).to_arrow())");
        };
    }
}
