package io.weir.tiered.shape;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/// Takes the schemas of sampled Avro values into account: they say which columns there are. One thread.
final class AvroSampler {
    private final AvroSchemas schemas;
    private final int depth;
    private final PathSample object;
    private final PathSample whole;
    private final Set<Schema> seen = new HashSet<>();

    AvroSampler(AvroSchemas schemas, int depth, PathSample object, PathSample whole) {
        this.schemas = schemas;
        this.depth = depth;
        this.object = object;
        this.whole = whole;
    }

    void add(byte[] value, int start) {
        schemas.of(value, start).filter(seen::add).ifPresent(schema -> {
            if (schema.getType() == Schema.Type.RECORD) {
                object.objects++;
                fields(schema, object, depth - 1);
            } else {
                add(schema, whole, depth);
            }
        });
    }

    private void fields(Schema record, PathSample path, int nesting) {
        for (Schema.Field field : record.getFields()) {
            add(field.schema(), path.fields.computeIfAbsent(field.name(), name -> new PathSample()), nesting);
        }
    }

    private void add(Schema schema, PathSample path, int nesting) {
        if (nesting < 0) {
            return;
        }
        switch (schema.getType()) {
            case RECORD -> {
                path.objects++;
                fields(schema, path, nesting - 1);
            }
            case UNION -> schema.getTypes().forEach(branch -> add(branch, path, nesting));
            case ARRAY -> add(schema.getElementType(), list(path), nesting - 1);
            case MAP -> {
                PathSample entry = list(path);
                entry.objects++;
                entry.fields
                        .computeIfAbsent(AvroDeriver.KEY, name -> new PathSample())
                        .plainString();
                PathSample value = entry.fields.computeIfAbsent(AvroDeriver.VALUE, name -> new PathSample());
                add(schema.getValueType(), value, nesting - 1);
            }
            case INT, LONG -> {
                if (isInstant(schema)) {
                    path.instant();
                } else {
                    path.whole++;
                }
            }
            case FLOAT, DOUBLE -> path.floatingPoint();
            case BOOLEAN -> path.truths++;
            case STRING, ENUM -> path.plainString();
            case BYTES, FIXED -> path.binaries++;
            case NULL -> {}
        }
    }

    private static PathSample list(PathSample path) {
        path.arrays++;
        PathSample element = path.element;
        if (element == null) {
            element = new PathSample();
            path.element = element;
        }
        return element;
    }

    static boolean isInstant(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        return logical instanceof LogicalTypes.TimestampMillis || logical instanceof LogicalTypes.TimestampMicros;
    }
}
