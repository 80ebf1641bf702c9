package io.weir.streams.topology;

import org.apache.kafka.common.KafkaException;

/// Whoever keeps the schemas did not answer. No fault of the record: the job ends and is started again.
public class SchemaUnavailable extends KafkaException {
    private static final long serialVersionUID = 1L;

    public SchemaUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    public SchemaUnavailable(String message) {
        super(message);
    }
}
