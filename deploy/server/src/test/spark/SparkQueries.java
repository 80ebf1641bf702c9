import java.util.List;
import org.apache.spark.sql.SparkSession;

/// Runs statements in a Spark of its own and prints a line `ROW <json>` for each row, `END` behind each statement.
/// Compiled by the launcher of the JDK with Spark's class path: no module of ours depends on Spark.
///
/// Arguments: how many are settings (`name=value`), the settings, the statements.
class SparkQueries {
    public static void main(String[] arguments) {
        int settings = Integer.parseInt(arguments[0]);
        SparkSession.Builder builder =
                SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false");
        for (String setting : List.of(arguments).subList(1, 1 + settings)) {
            String[] parts = setting.split("=", 2);
            builder = builder.config(parts[0], parts[1]);
        }
        SparkSession spark = builder.getOrCreate();
        for (String statement : List.of(arguments).subList(1 + settings, arguments.length)) {
            for (String row : spark.sql(statement).toJSON().collectAsList()) {
                System.out.println("ROW " + row);
            }
            System.out.println("END");
        }
        spark.stop();
    }
}
