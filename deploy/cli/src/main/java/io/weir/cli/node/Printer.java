package io.weir.cli.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Writes results to standard output: aligned columns for people, JSON for programs.
public final class Printer {
    private final PrintStream out;

    public Printer(PrintStream out) {
        this.out = out;
    }

    public void line(String text) {
        out.println(text);
    }

    public void json(JsonNode value) {
        try {
            out.println(Api.JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new CliFailure(CliFailure.INTERNAL, "The answer cannot be written as JSON.", e);
        }
    }

    /// Columns as wide as their widest cell, two blanks apart; columns of numbers are set right.
    public void table(List<String> header, List<List<String>> rows) {
        int columns = header.size();
        int[] width = new int[columns];
        boolean[] numeric = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            width[c] = header.get(c).length();
            numeric[c] = !rows.isEmpty();
            for (List<String> row : rows) {
                width[c] = Math.max(width[c], row.get(c).length());
                numeric[c] &= row.get(c).matches("-?[0-9][0-9.,]*|");
            }
        }
        List<List<String>> all = new ArrayList<>();
        all.add(header);
        all.addAll(rows);
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String padding = " ".repeat(width[c] - row.get(c).length());
                line.append(c == 0 ? "" : "  ").append(numeric[c] ? padding + row.get(c) : row.get(c) + padding);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
