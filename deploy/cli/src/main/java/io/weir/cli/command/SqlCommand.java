package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir sql`: one statement, or a shell that reads statements up to their semicolon.
@Command(
        name = "sql",
        description = {
            "Query topics as tables: ./weir sql \"SELECT origin, sum(delay) FROM flights GROUP BY origin\".",
            "Without a statement: reads statements that end in ';' from standard input."
        })
public final class SqlCommand extends NodeCommand {
    enum Format {
        TABLE,
        CSV,
        JSON
    }

    @Parameters(paramLabel = "STATEMENT", arity = "0..1")
    private @Nullable String statement;

    @Option(names = "--format", paramLabel = "table|csv|json", description = "Default: table.")
    private Format format = Format.TABLE;

    @Option(names = "--max-rows", paramLabel = "N")
    private @Nullable Integer maxRows;

    @Option(names = "--explain", description = "Show the plan instead of the rows.")
    private boolean explain;

    @Override
    public void run() {
        Api api = api();
        if (statement != null) {
            execute(api, statement);
            return;
        }
        shell(api);
    }

    private void shell(Api api) {
        boolean terminal = Terminal.answers();
        StringBuilder text = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (true) {
                if (terminal) {
                    System.out.print(text.isEmpty() ? "weir> " : "   -> ");
                    System.out.flush();
                }
                String line = lines.readLine();
                if (line == null || (text.isEmpty() && line.strip().matches("(?i)(quit|exit|\\\\q);?"))) {
                    break;
                }
                text.append(line).append('\n');
                if (line.stripTrailing().endsWith(";")) {
                    statementOfShell(api, text.toString(), terminal);
                    text.setLength(0);
                }
            }
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USER, "Standard input cannot be read: " + e.getMessage(), e);
        }
        if (!text.toString().isBlank()) {
            execute(api, text.toString());
        }
    }

    private void statementOfShell(Api api, String text, boolean terminal) {
        try {
            execute(api, text);
        } catch (CliFailure e) {
            if (!terminal) {
                throw e;
            }
            System.err.println("weir: " + e.getMessage());
        }
    }

    private void execute(Api api, String sql) {
        ObjectNode request = Api.JSON.createObjectNode().put("sql", sql);
        if (maxRows != null) {
            request.put("maxRows", maxRows);
        }
        if (explain) {
            request.put("explain", true);
        }
        if (format == Format.CSV && !wantsJson()) {
            System.out.print(api.postText("/sql", "application/json", request.toString(), "text/csv"));
            System.out.flush();
            return;
        }
        JsonNode answer = api.post("/sql", request);
        if (wantsJson() || format == Format.JSON) {
            printer().json(answer);
            return;
        }
        table(answer);
    }

    private void table(JsonNode answer) {
        List<String> header = new ArrayList<>();
        answer.path("columns").forEach(column -> header.add(column.path("name").asText()));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode row : answer.path("rows")) {
            List<String> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(cell.isNull() ? "" : cell.isValueNode() ? cell.asText() : cell.toString()));
            rows.add(cells);
        }
        printer().table(header, rows);
        long count = answer.path("rowCount").asLong(rows.size());
        printer()
                .line("(" + count + (count == 1 ? " row" : " rows")
                        + (answer.path("truncated").asBoolean() ? ", cut off; more with --max-rows)" : ")"));
    }
}
