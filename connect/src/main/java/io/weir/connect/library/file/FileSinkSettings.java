package io.weir.connect.library.file;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/// What a [FileSink] is told to do. The texts of [#DEFINITION] are the reference of each setting.
///
/// @param columns of a CSV file; empty: the fields of each file's first record
record FileSinkSettings(String folder, SinkFormat format, List<Column> columns, int recordsPerFile) {
    static final String FOLDER = "folder";
    static final String FORMAT = "format";
    static final String COLUMNS = "columns";
    static final String RECORDS_PER_FILE = "records.per.file";

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    FOLDER,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    Importance.HIGH,
                    "Absolute path of the folder to write to; it is created when absent. It must lie under a folder of the"
                            + " node's setting `weir.connect.files.allowed`, symbolic links resolved; `..` is refused. Give"
                            + " each connector a folder of its own: the files there say what has been written.")
            .define(
                    FORMAT,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ValidString.in("ndjson", "csv"),
                    Importance.HIGH,
                    "`ndjson`: the record's value, one JSON object, on a line. `csv`: a header row and one row a record, as"
                            + " `columns` says. In both a record without a value (a deletion) is left out.")
            .define(
                    COLUMNS,
                    ConfigDef.Type.LIST,
                    List.of(),
                    Importance.MEDIUM,
                    "Columns of a CSV file, separated by commas: `key` and `value` (the whole as text), `key.<field>` and"
                            + " `value.<field>` (a field of the JSON object in the key or value; a dot leads into an object in"
                            + " it), `topic`, `partition`, `offset`, `timestamp`. The header shows the last name, or the one"
                            + " behind ` as `: `key.key as origin, key.window_start, value.flights`. A string gives its text,"
                            + " a number or boolean stands as it does in the record, an object or array as JSON; a field that"
                            + " is missing or null gives an empty cell, an empty string gives `\"\"`. Empty setting: the fields"
                            + " of the first record's value in each file; a later record with another field is then refused.")
            .define(
                    RECORDS_PER_FILE,
                    ConfigDef.Type.INT,
                    100_000,
                    Range.between(1, 100_000_000),
                    Importance.MEDIUM,
                    "Rows after which a file is finished and the next one begins. The worker finishes files earlier when it"
                            + " commits (`offset.flush.interval.ms`). A file shows up at once and whole, named"
                            + " `<topic>-<partition>-<first offset>-<last offset>.<format>`; it is never changed again.");

    /// @throws ConfigException naming the setting that breaks a rule
    static FileSinkSettings of(Map<String, String> properties) {
        Map<String, Object> values = DEFINITION.parse(properties);
        SinkFormat format = SinkFormat.of((String) required(values, FORMAT));
        return new FileSinkSettings(
                (String) required(values, FOLDER),
                format,
                columns(format, (List<?>) required(values, COLUMNS)),
                (Integer) required(values, RECORDS_PER_FILE));
    }

    static List<Column> columns(SinkFormat format, List<?> entries) {
        if (format != SinkFormat.CSV && !entries.isEmpty()) {
            throw new ConfigException("Setting 'columns': has a meaning with format=csv only, got format="
                    + format.setting() + ". Remove it or set format=csv.");
        }
        return Column.parse(entries.stream().map(String::valueOf).toList());
    }

    private static Object required(Map<String, Object> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
