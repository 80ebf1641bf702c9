package io.weir.connect.library.file;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/// What a [FileSource] is told to do. The texts of [#DEFINITION] are the reference of each setting.
///
/// @param path one file or a pattern
/// @param timestampConstant the time of every record, if they have none of their own
/// @param deadLetterTopic where bad lines go; empty means that a bad line fails the task
/// @param lineMaxBytes a longer line, or CSV row, is a bad one
record FileSourceSettings(
        String path,
        FileFormat format,
        Compression compression,
        String topic,
        Optional<String> keyField,
        Optional<String> timestampField,
        Optional<Instant> timestampConstant,
        char delimiter,
        Optional<String> deadLetterTopic,
        int batchRecords,
        int lineMaxBytes) {
    static final String PATH = "path";
    static final String FORMAT = "format";
    static final String COMPRESSION = "compression";
    static final String TOPIC = "topic";
    static final String KEY_FIELD = "key.field";
    static final String TIMESTAMP_FIELD = "timestamp.field";
    static final String TIMESTAMP_CONSTANT = "timestamp.constant";
    static final String DELIMITER = "csv.delimiter";
    static final String DEAD_LETTER_TOPIC = "dead.letter.topic";
    static final String BATCH_RECORDS = "batch.records";
    static final String LINE_MAX_BYTES = "line.max.bytes";

    /// The worker's own setting, which this connector obeys for bad lines too.
    static final String ERRORS_TOLERANCE = "errors.tolerance";

    private static final Pattern LEGAL_TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    PATH,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    notBlank(),
                    Importance.HIGH,
                    "Absolute path of the file to read, or a pattern for several: `*` and `?` inside a name, `**` across"
                            + " folders, `[...]`, `{a,b}`. Files are read one after the other in the order of their names."
                            + " They are listed when the task starts; a file read to its end is done. Every file must lie"
                            + " under a folder of the node's setting `weir.connect.files.allowed`, symbolic links resolved;"
                            + " `..` is refused.")
            .define(
                    FORMAT,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ValidString.in("ndjson", "csv", "lines"),
                    Importance.HIGH,
                    "`ndjson`: one JSON object a line, the record's value is the line's bytes unchanged; blank lines are"
                            + " left out. `csv`: RFC 4180 with a header row, the value is one JSON object with the columns in"
                            + " the header's order, all of them strings; blank rows are left out. `lines`: one record a line,"
                            + " the value is the line's bytes unchanged, empty lines too. A line ends with LF or CR LF, which"
                            + " are no part of it.")
            .define(
                    TOPIC,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    topicName(),
                    Importance.HIGH,
                    "Topic that the records go to.")
            .define(
                    KEY_FIELD,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.MEDIUM,
                    "JSON field or CSV column whose text becomes the record's key (UTF-8). A field inside an object is"
                            + " written with a dot: `properties.net`. A string gives its text; a number or boolean is taken"
                            + " as it stands in the line. A line without the field, or with null, an object or an array in it,"
                            + " is a bad line. Not set: records have no key. Not for `lines`.")
            .define(
                    TIMESTAMP_FIELD,
                    ConfigDef.Type.STRING,
                    null,
                    Importance.MEDIUM,
                    "JSON field or CSV column that holds the record's time: an ISO 8601 instant such as"
                            + " `2001-01-01T00:01:00Z` or one with an offset, or a whole number of milliseconds since 1970."
                            + " A line without it, or with a time before 1970, is a bad line. Not for `lines`.")
            .define(
                    TIMESTAMP_CONSTANT,
                    ConfigDef.Type.STRING,
                    null,
                    instant(),
                    Importance.MEDIUM,
                    "One ISO 8601 instant, not before 1970, that is the time of every record: for tables of reference that"
                            + " have no time of their own. Neither this nor `timestamp.field`: the time of writing.")
            .define(
                    DEAD_LETTER_TOPIC,
                    ConfigDef.Type.STRING,
                    null,
                    topicName(),
                    Importance.MEDIUM,
                    "Topic for bad lines, used with `errors.tolerance=all`: the line's raw bytes as the value, and the"
                            + " headers `file`, `line` (counted from 1) and `reason`. With `errors.tolerance=none` a bad line"
                            + " fails the task, which names file and line.")
            .define(
                    COMPRESSION,
                    ConfigDef.Type.STRING,
                    "auto",
                    ValidString.in("auto", "none", "gzip"),
                    Importance.LOW,
                    "`gzip`, `none`, or `auto`: gzip for names that end in `.gz`.")
            .define(
                    DELIMITER,
                    ConfigDef.Type.STRING,
                    ",",
                    oneAsciiCharacter(),
                    Importance.LOW,
                    "Character between the fields of a CSV row: one ASCII character, no quote and no line end.")
            .define(
                    LINE_MAX_BYTES,
                    ConfigDef.Type.INT,
                    1024 * 1024 - 4096,
                    Range.between(1, 512 * 1024 * 1024),
                    Importance.LOW,
                    "Longest line or CSV row in bytes; a longer one is a bad line, of which the dead letter keeps this much."
                            + " The default fits a producer request with the usual limit of 1 MiB.")
            .define(
                    BATCH_RECORDS,
                    ConfigDef.Type.INT,
                    10_000,
                    Range.between(1, 1_000_000),
                    Importance.LOW,
                    "Records handed to Connect at once. With exactly-once support each batch is one transaction, so large"
                            + " batches are faster.");

    /// @throws ConfigException naming the first setting that breaks a rule
    static FileSourceSettings of(Map<String, String> properties) {
        Map<String, Object> values = DEFINITION.parse(properties);
        List<Problem> problems = crossCheck(values, properties);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.getFirst().message());
        }
        return new FileSourceSettings(
                (String) required(values, PATH),
                FileFormat.of((String) required(values, FORMAT)),
                Compression.of((String) required(values, COMPRESSION)),
                (String) required(values, TOPIC),
                text(values, KEY_FIELD),
                text(values, TIMESTAMP_FIELD),
                text(values, TIMESTAMP_CONSTANT).map(Instant::parse),
                ((String) required(values, DELIMITER)).charAt(0),
                text(values, DEAD_LETTER_TOPIC),
                (Integer) required(values, BATCH_RECORDS),
                (Integer) required(values, LINE_MAX_BYTES));
    }

    /// A rule that several settings break together, reported at one of them.
    record Problem(String setting, String message) {}

    /// The rules that join settings. A value that is missing or has failed its own check takes part in none.
    static List<Problem> crossCheck(Map<String, ? extends @Nullable Object> values, Map<String, String> properties) {
        List<Problem> problems = new ArrayList<>();
        boolean lines = "lines".equals(values.get(FORMAT));
        for (String field : List.of(KEY_FIELD, TIMESTAMP_FIELD)) {
            if (lines && values.get(field) != null) {
                problems.add(new Problem(
                        field,
                        "Setting '" + field + "': has no meaning with format=lines, which has no fields."
                                + " Remove it or set format=ndjson or csv."));
            }
        }
        if (values.get(TIMESTAMP_FIELD) != null && values.get(TIMESTAMP_CONSTANT) != null) {
            problems.add(new Problem(
                    TIMESTAMP_CONSTANT,
                    "Setting 'timestamp.constant': excludes 'timestamp.field'. Keep one of the two."));
        }
        boolean tolerant = "all".equalsIgnoreCase(properties.get(ERRORS_TOLERANCE));
        if (tolerant && values.get(DEAD_LETTER_TOPIC) == null) {
            problems.add(new Problem(
                    DEAD_LETTER_TOPIC,
                    "Setting 'dead.letter.topic': is needed with errors.tolerance=all, or bad lines would be lost."
                            + " Name a topic for them."));
        }
        if (!tolerant && values.get(DEAD_LETTER_TOPIC) != null) {
            problems.add(new Problem(
                    DEAD_LETTER_TOPIC,
                    "Setting 'dead.letter.topic': is used only with errors.tolerance=all. Set that too,"
                            + " or remove this one to stop at the first bad line."));
        }
        return problems;
    }

    private static Object required(Map<String, Object> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static Optional<String> text(Map<String, Object> values, String name) {
        return Optional.ofNullable((String) values.get(name));
    }

    private static Validator notBlank() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null && ((String) value).isBlank()) {
                        throw new ConfigException("Setting '" + name + "': must not be empty.");
                    }
                },
                () -> "not empty");
    }

    private static Validator topicName() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !LEGAL_TOPIC.matcher((String) value).matches()) {
                        throw new ConfigException(
                                "Setting '" + name + "': must be a topic name, 1 to 249 letters, digits,"
                                        + " '.', '_' or '-', got '" + value + "'.");
                    }
                },
                () -> "a topic name");
    }

    private static Validator instant() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !isInstantSince1970((String) value)) {
                        throw new ConfigException("Setting '" + name + "': must be an ISO 8601 instant not before 1970,"
                                + " such as 1970-01-01T00:00:00Z, got '" + value + "'.");
                    }
                },
                () -> "an ISO 8601 instant");
    }

    private static boolean isInstantSince1970(String text) {
        try {
            return Instant.parse(text).toEpochMilli() >= 0;
        } catch (DateTimeParseException | ArithmeticException e) {
            return false;
        }
    }

    private static Validator oneAsciiCharacter() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    String text = String.valueOf(value);
                    if (text.length() != 1 || text.charAt(0) > 127 || "\"\r\n".contains(text)) {
                        throw new ConfigException("Setting '" + name
                                + "': must be one ASCII character, no quote and no line end, got '" + text + "'.");
                    }
                },
                () -> "one ASCII character");
    }
}
