package io.weir.tiered.query.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FunctionListIT {
    @Test
    void everyFunctionOfDuckDbHasAVerdict() throws Exception {
        Set<String> real = new TreeSet<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT DISTINCT function_type, function_name FROM duckdb_functions()")) {
            while (rows.next()) {
                real.add(rows.getString(1) + " " + rows.getString(2));
            }
        }

        Set<String> listed = FunctionList.lines().stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.replaceFirst(" (allow|deny) ", " "))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(listed).isEqualTo(real);
    }
}
