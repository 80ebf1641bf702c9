package io.weir.tiered.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.fault.WeirException;
import io.weir.log.rest.Problem;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.SqlEngine;
import io.weir.tiered.query.SqlRequest;
import io.weir.tiered.query.child.CsvText;
import io.weir.tiered.query.process.ChildStatement;
import io.weir.tiered.query.process.RowSink.ResultColumn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// `POST /sql` and what belongs to it. One SELECT over topics, exact at the cut that the answer carries.
@Path("/sql")
@RunOnVirtualThread
public class SqlResource {
    static final String NDJSON = "application/x-ndjson";
    static final String CSV = "text/csv";

    /// The one caller there is until there are users.
    private static final String LOCAL = "local";

    private final SqlRole sql;

    SqlResource(SqlRole sql) {
        this.sql = sql;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, NDJSON, CSV})
    public Response run(byte[] body, @Context HttpHeaders headers) throws IOException {
        SqlEngine engine = sql.engine();
        String form = form(headers);
        ChildStatement.Format format = form.equals(CSV) ? ChildStatement.Format.CSV : ChildStatement.Format.JSON;
        SqlRequest request = SqlBody.read(body, LOCAL, engine.timeLimit(), format);
        SqlStream stream = SqlStream.start(engine, request);
        boolean handedOver = false;
        try {
            SqlStream.Begin begin = begin(stream);
            Response response = switch (form) {
                case CSV -> csv(stream, begin);
                case NDJSON -> ndjson(stream, begin);
                default -> json(stream, begin);
            };
            handedOver = true;
            return response;
        } finally {
            if (!handedOver) {
                stream.close();
            }
        }
    }

    /// The first of the offered forms in `Accept`; JSON when anything will do.
    private static String form(HttpHeaders headers) {
        for (MediaType accepted : headers.getAcceptableMediaTypes()) {
            String type = accepted.getType() + "/" + accepted.getSubtype();
            if (type.equals(NDJSON) || type.equals(CSV)) {
                return type;
            }
            if (type.equals(MediaType.APPLICATION_JSON) || type.equals("*/*") || type.equals("application/*")) {
                return MediaType.APPLICATION_JSON;
            }
            if (type.equals("text/*")) {
                return CSV;
            }
        }
        return MediaType.APPLICATION_JSON;
    }

    private static SqlStream.Begin begin(SqlStream stream) throws IOException {
        SqlStream.Event first = stream.next();
        return switch (first) {
            case SqlStream.Begin begin -> begin;
            case SqlStream.Failed failed -> throw rethrown(failed);
            case SqlStream.Page page -> throw new IllegalStateException("Rows before columns.");
            case SqlStream.End end -> throw new IllegalStateException("An end before columns.");
        };
    }

    private static RuntimeException rethrown(SqlStream.Failed failed) throws IOException {
        if (failed.failure() instanceof IOException e) {
            throw e;
        }
        return failed.failure() instanceof RuntimeException e ? e : new IllegalStateException(failed.failure());
    }

    /// Buffered, so that a failure in the middle still has its own status.
    private static Response json(SqlStream stream, SqlStream.Begin begin) throws IOException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        while (true) {
            switch (stream.next()) {
                case SqlStream.Page page -> rows.write(page.lines());
                case SqlStream.Failed failed -> throw rethrown(failed);
                case SqlStream.Begin again -> throw new IllegalStateException("Columns came twice.");
                case SqlStream.End end -> {
                    ByteArrayOutputStream body = new ByteArrayOutputStream(rows.size() + 4096);
                    body.write(utf8("{\"columns\":" + SqlJson.columns(begin.columns()) + ",\"rows\":["));
                    body.write(joined(rows.toByteArray()));
                    ObjectNode last = SqlJson.object();
                    last.setAll(SqlJson.end(end.answer()));
                    last.set("cut", SqlJson.cut(begin.cut()));
                    body.write(utf8("]," + last.toString().substring(1)));
                    return answer(begin)
                            .type(MediaType.APPLICATION_JSON)
                            .entity(body.toByteArray())
                            .build();
                }
            }
        }
    }

    /// Lines to list elements: a line end inside a value is escaped, so each `\n` ends a row.
    private static byte[] joined(byte[] lines) {
        for (int i = 0; i < lines.length - 1; i++) {
            if (lines[i] == '\n') {
                lines[i] = ',';
            }
        }
        if (lines.length > 0) {
            lines[lines.length - 1] = ' ';
        }
        return lines;
    }

    private static Response ndjson(SqlStream stream, SqlStream.Begin begin) {
        ObjectNode first = SqlJson.object();
        first.set("columns", SqlJson.columns(begin.columns()));
        first.set("cut", SqlJson.cut(begin.cut()));
        StreamingOutput output = out -> {
            try (stream) {
                out.write(utf8(first + "\n"));
                SqlStream.Event event = pages(stream, out);
                if (event instanceof SqlStream.End end) {
                    ObjectNode last = SqlJson.object().put("end", true);
                    last.setAll(SqlJson.end(end.answer()));
                    out.write(utf8(last + "\n"));
                } else if (event instanceof SqlStream.Failed failed && failed.failure() instanceof WeirException e) {
                    out.write(utf8("{\"error\":" + Problem.of(e).toJson("/sql") + "}\n"));
                } else if (event instanceof SqlStream.Failed failed) {
                    throw new IOException("The statement failed.", failed.failure());
                }
            }
        };
        return answer(begin).type(NDJSON).entity(output).build();
    }

    private static Response csv(SqlStream stream, SqlStream.Begin begin) {
        String header = begin.columns().stream()
                .map(ResultColumn::name)
                .map(CsvText::quoted)
                .collect(Collectors.joining(",", "", "\r\n"));
        StreamingOutput output = out -> {
            try (stream) {
                out.write(utf8(header));
                if (pages(stream, out) instanceof SqlStream.Failed failed) {
                    throw new IOException("The statement failed; the answer is cut off.", failed.failure());
                }
            }
        };
        return answer(begin)
                .header("Weir-Cut", SqlJson.cut(begin.cut()).toString())
                .type(CSV + ";charset=UTF-8;header=present")
                .entity(output)
                .build();
    }

    /// Writes pages until something else comes, and returns that.
    private static SqlStream.Event pages(SqlStream stream, OutputStream out) throws IOException {
        SqlStream.Event event = stream.next();
        while (event instanceof SqlStream.Page page) {
            out.write(page.lines());
            event = stream.next();
        }
        return event;
    }

    private static Response.ResponseBuilder answer(SqlStream.Begin begin) {
        return Response.ok().header("Weir-Query-Id", begin.queryId());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @GET
    @Path("schemas/{topic}")
    @Produces(MediaType.APPLICATION_JSON)
    public String schema(@PathParam("topic") String topic) {
        TopicName name = TopicName.of(topic);
        return SqlJson.schema(name, sql.engine().schema(name)).toString();
    }

    @GET
    @Path("queries")
    @Produces(MediaType.APPLICATION_JSON)
    public String queries() {
        return SqlJson.running(sql.engine().running()).toString();
    }

    @DELETE
    @Path("queries/{id}")
    public Response cancel(@PathParam("id") String id) {
        sql.engine().cancel(id, LOCAL);
        return Response.noContent().build();
    }
}
