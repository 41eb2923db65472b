package org.researchflow.rf.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as one JSON object a line. */
final class NdjsonPrinter implements RowPrinter {

    private final TextStream out;
    private final List<Field> fields;
    private final JsonGenerator json;

    NdjsonPrinter(TextStream out, List<Field> fields) {
        this.out = out;
        this.fields = fields;
        try {
            json = JsonText.generator(out).disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void row(List<@Nullable Object> values) {
        try {
            JsonPrinter.object(json, fields, values);
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void end(Map<String, @Nullable Object> about, String footer) {
        flush();
    }

    @Override
    public void breakOff() {
        flush();
    }

    private void flush() {
        try {
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.flush();
    }
}
