package org.researchflow.rf.cli;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows as a table of GitHub Flavored Markdown, for the summary of a CI run or an issue. */
final class MarkdownPrinter implements RowPrinter {

    private static final Wording EXACT = new Wording(true, Clock.systemUTC());

    private final TextStream out;
    private final List<Field> fields;

    MarkdownPrinter(TextStream out, List<Field> fields) {
        this.out = out;
        this.fields = fields;
        line(fields.stream().map(Field::heading).toList());
        line(fields.stream()
                .map(field -> field.shape().alignsRight() ? "---:" : "---")
                .toList());
    }

    @Override
    public void row(List<@Nullable Object> values) {
        line(IntStream.range(0, values.size())
                .mapToObj(i -> {
                    Object value = values.get(i);
                    return value == null
                            ? ""
                            : Printable.line(EXACT.value(value, fields.get(i).shape()));
                })
                .toList());
    }

    private void line(List<String> cells) {
        out.line(cells.stream()
                .map(cell -> cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;"))
                .collect(Collectors.joining(" | ", "| ", " |")));
    }

    @Override
    public void end(Map<String, @Nullable Object> about, String footer) {
        if (!footer.isEmpty()) {
            out.line("");
            out.line(footer);
        }
        out.flush();
    }

    @Override
    public void breakOff() {
        out.flush();
    }
}
