package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows as an aligned table. The widths come from the rows seen first, so that any number of rows prints in constant
 * memory; on a terminal the widest columns shrink until a line fits.
 */
final class TablePrinter implements RowPrinter {

    private static final int MEASURED_ROWS = 1000;
    private static final String GAP = "  ";

    /** Below this a column says nothing any more. */
    private static final int NARROWEST = 6;

    private final TextStream out;
    private final List<Field> fields;
    private final Wording wording;
    private final Style style;

    /** The widest that a line may be. */
    private final int room;

    private final List<List<String>> measured = new ArrayList<>();
    private int[] widths = {};

    TablePrinter(TextStream out, List<Field> fields, Wording wording, Style style, int room) {
        this.out = out;
        this.fields = fields;
        this.wording = wording;
        this.style = style;
        this.room = room;
    }

    @Override
    public void row(List<@Nullable Object> values) {
        List<String> cells = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            cells.add(
                    value == null
                            ? "-"
                            : Printable.line(wording.value(value, fields.get(i).shape())));
        }
        if (widths.length > 0) {
            out.line(line(cells));
        } else if (measured.size() < MEASURED_ROWS) {
            measured.add(cells);
        } else {
            printMeasured();
            out.line(line(cells));
        }
    }

    @Override
    public void end(Map<String, @Nullable Object> about, String footer) {
        if (widths.length == 0) {
            printMeasured();
        }
        if (!footer.isEmpty()) {
            out.line(footer);
        }
        out.flush();
    }

    @Override
    public void breakOff() {
        out.flush();
    }

    private void printMeasured() {
        List<String> headings = fields.stream().map(Field::heading).toList();
        widths = new int[fields.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = DisplayWidth.of(headings.get(i));
            for (List<String> cells : measured) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(cells.get(i)));
            }
        }
        shrink();
        out.line(style.bold(line(headings)));
        measured.forEach(cells -> out.line(line(cells)));
        measured.clear();
    }

    /** Takes from the widest text column, one by one, until the line fits or nothing can give. */
    private void shrink() {
        int total = GAP.length() * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        while (total > room) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                boolean gives = !fields.get(i).shape().alignsRight() && widths[i] > NARROWEST;
                if (gives && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
            total--;
        }
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = room == Integer.MAX_VALUE ? cells.get(i) : DisplayWidth.shortened(cells.get(i), widths[i]);
            String padding = " ".repeat(Math.max(0, widths[i] - DisplayWidth.of(cell)));
            line.append(i == 0 ? "" : GAP)
                    .append(fields.get(i).shape().alignsRight() ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }
}
