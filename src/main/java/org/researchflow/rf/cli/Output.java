package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's answer goes: standard output, in the format asked for. An answer that fails before its first
 * buffer is full leaves nothing there; one that fails later leaves a valid beginning that says it is one.
 */
public final class Output {

    /** A command's rows. */
    @FunctionalInterface
    public interface Rows {
        void into(RowSink sink) throws IOException, SQLException;
    }

    private final TextStream out;
    private final OutputFormat format;
    private final Wording wording;
    private final Style style;
    private final int room;

    Output(TextStream out, OutputFormat format, Wording wording, Style style, int room) {
        this.out = out;
        this.format = format;
        this.wording = wording;
        this.style = style;
        this.room = room;
    }

    /** Prints rows as they come. */
    public void rows(Answer answer, Rows rows) throws IOException, SQLException {
        out.mark();
        RowPrinter printer = switch (format) {
            case TABLE -> new TablePrinter(out, answer.fields(), wording, style, room);
            case CSV -> new CsvPrinter(out, answer.fields());
            case JSON -> new JsonPrinter(out, answer);
            case NDJSON -> new NdjsonPrinter(out, answer.fields());
            case MARKDOWN -> new MarkdownPrinter(out, answer.fields());
        };
        RowSink sink = new RowSink(printer, answer.fields().size());
        boolean whole = false;
        try {
            rows.into(sink);
            whole = true;
        } finally {
            if (whole) {
                sink.end();
            } else if (!out.discard()) {
                printer.breakOff();
            }
        }
    }

    /**
     * Prints one answer that is not a list of rows: people read {@code text}, programs a JSON object or, as CSV, a
     * heading and one record in which {@code counts.batch} names a nested member.
     *
     * @param content what follows {@code schema} in the JSON object
     */
    public void document(String schema, Map<String, ? extends @Nullable Object> content, String text) {
        switch (format) {
            case TABLE -> out.line(text);
            case JSON, NDJSON -> {
                Map<String, @Nullable Object> document = new LinkedHashMap<>();
                document.put("schema", schema);
                document.putAll(content);
                out.line(JsonText.of(document));
            }
            case CSV -> {
                Map<String, @Nullable Object> flat = new LinkedHashMap<>();
                flatten("", content, flat);
                List<Field> fields = flat.keySet().stream()
                        .map(name -> Field.text(name, name))
                        .toList();
                new CsvPrinter(out, fields).row(new ArrayList<>(flat.values()));
            }
            case MARKDOWN -> {
                Map<String, @Nullable Object> flat = new LinkedHashMap<>();
                flatten("", content, flat);
                MarkdownPrinter printer =
                        new MarkdownPrinter(out, List.of(Field.text("what", "what"), Field.text("value", "value")));
                flat.forEach((name, value) -> printer.row(Arrays.asList(name, value)));
            }
        }
        out.flush();
    }

    /** Prints text that has one form only, such as SQL or a script. */
    public void text(String text) {
        out.write(text.endsWith("\n") ? text : text + "\n");
        out.flush();
    }

    public OutputFormat format() {
        return format;
    }

    /** How numbers and times read on this stream. */
    public Wording wording() {
        return wording;
    }

    public Style style() {
        return style;
    }

    private static void flatten(String prefix, Map<?, ?> content, Map<String, @Nullable Object> flat) {
        content.forEach((name, value) -> {
            if (value instanceof Map<?, ?> nested) {
                flatten(prefix + name + ".", nested, flat);
            } else {
                flat.put(prefix + name, value);
            }
        });
    }
}
