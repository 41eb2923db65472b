package org.researchflow.rf.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as one JSON document with its schema, a row a line: {@code {"schema":"rf.views/v1","views":[…]}}. */
final class JsonPrinter implements RowPrinter {

    private final TextStream out;
    private final List<Field> fields;
    private final JsonGenerator json;

    JsonPrinter(TextStream out, Answer answer) {
        this.out = out;
        this.fields = answer.fields();
        try {
            json = JsonText.generator(out)
                    .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                    .setPrettyPrinter(new RowALine());
            json.writeStartObject();
            json.writeStringField("schema", answer.schema());
            json.writeArrayFieldStart(answer.rowsName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void row(List<@Nullable Object> values) {
        try {
            object(json, fields, values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void end(Map<String, @Nullable Object> about, String footer) {
        try {
            json.writeEndArray();
            for (Map.Entry<String, @Nullable Object> entry : about.entrySet()) {
                json.writeFieldName(entry.getKey());
                JsonText.write(json, entry.getValue());
            }
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.flush();
    }

    /** Closes the document, so that it stays valid, and says in it that rows are missing. */
    @Override
    public void breakOff() {
        end(Map.of("truncated", true), "");
    }

    static void object(JsonGenerator json, List<Field> fields, List<@Nullable Object> values) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < fields.size(); i++) {
            json.writeFieldName(fields.get(i).name());
            JsonText.write(json, values.get(i));
        }
        json.writeEndObject();
    }

    /** Breaks the line before each row and nowhere else. */
    private static final class RowALine extends MinimalPrettyPrinter {

        private static final long serialVersionUID = 1L;

        @Override
        public void beforeArrayValues(JsonGenerator generator) throws IOException {
            breakLine(generator);
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(',');
            breakLine(generator);
        }

        @Override
        public void writeEndArray(JsonGenerator generator, int values) throws IOException {
            if (values > 0) {
                breakLine(generator);
            }
            generator.writeRaw(']');
        }

        /** Only in the array of rows: arrays within a row are deeper. */
        private static void breakLine(JsonGenerator generator) throws IOException {
            if (generator.getOutputContext().getNestingDepth() == 2) {
                generator.writeRaw('\n');
            }
        }
    }
}
