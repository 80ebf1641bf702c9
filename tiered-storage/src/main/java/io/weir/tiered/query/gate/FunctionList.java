package io.weir.tiered.query.gate;

import io.weir.log.fault.NearestName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which functions a statement may call. Read from the list beside this class, which holds every function of the
/// DuckDB version in use with a verdict; a function outside the list is refused as unknown. Immutable.
public final class FunctionList {
    private static final String RESOURCE = "functions-duckdb-2.0.0.txt";

    /// Spelled like functions but handled by DuckDB's binder, so that no catalog lists them.
    private static final Set<String> BINDER_FUNCTIONS = Set.of("unnest", "columns", "grouping", "grouping_id");

    private final Set<String> allowed = new HashSet<>(BINDER_FUNCTIONS);
    private final Set<String> denied = new HashSet<>();
    private final Set<String> allowedTableFunctions = new HashSet<>();

    private FunctionList(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            String[] parts = line.split(" ", 3);
            String name = parts[2].toLowerCase(Locale.ROOT);
            boolean verdict = parts[1].equals("allow");
            switch (parts[0]) {
                case "table", "table_macro" -> {
                    if (verdict) {
                        allowedTableFunctions.add(name);
                    }
                }
                case "pragma" -> {}
                default -> {
                    if (verdict) {
                        allowed.add(name);
                    } else {
                        denied.add(name);
                    }
                }
            }
        }
        allowed.removeAll(denied);
    }

    /// The list of the DuckDB version that Weir ships.
    public static FunctionList shipped() {
        return new FunctionList(lines());
    }

    static List<String> lines() {
        try (InputStream in = FunctionList.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("Resource " + RESOURCE + " is not in the jar.");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean allows(String name) {
        return allowed.contains(name.toLowerCase(Locale.ROOT));
    }

    boolean allowsTable(String name) {
        return allowedTableFunctions.contains(name.toLowerCase(Locale.ROOT));
    }

    /// Why a function is refused, as a sentence with its fix.
    String refusal(String name) {
        if (denied.contains(name.toLowerCase(Locale.ROOT))) {
            return "Function '" + name + "': not offered in SQL over topics.";
        }
        return "Function '" + name + "': unknown." + NearestName.hint(allowed, name);
    }

    String tableRefusal(String name) {
        return "Table function '" + name + "': only "
                + String.join(", ", allowedTableFunctions.stream().sorted().toList())
                + " are offered; topics are read by their name.";
    }
}
