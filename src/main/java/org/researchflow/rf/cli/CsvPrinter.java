package org.researchflow.rf.cli;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as CSV (RFC 4180): a heading, CRLF line ends; an empty field is no value, {@code ""} is empty text. */
final class CsvPrinter implements RowPrinter {

    private static final Wording EXACT = new Wording(true, Clock.systemUTC());

    private final TextStream out;
    private final List<Field> fields;

    CsvPrinter(TextStream out, List<Field> fields) {
        this.out = out;
        this.fields = fields;
        record(fields.stream().map(Field::name).toList());
    }

    @Override
    public void row(List<@Nullable Object> values) {
        record(values);
    }

    @Override
    public void end(Map<String, @Nullable Object> about, String footer) {
        out.flush();
    }

    @Override
    public void breakOff() {
        out.flush();
    }

    private void record(List<? extends @Nullable Object> values) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            line.append(i == 0 ? "" : ",");
            if (value != null) {
                line.append(quoted(EXACT.value(value, fields.get(i).shape())));
            }
        }
        out.write(line.append("\r\n").toString());
    }

    private static String quoted(String text) {
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
