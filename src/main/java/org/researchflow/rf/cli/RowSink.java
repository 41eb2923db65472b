package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a command's rows, one by one, and what is to be said about them at the end. */
public final class RowSink {

    private final RowPrinter printer;
    private final int columns;
    private final Map<String, @Nullable Object> about = new LinkedHashMap<>();
    private String footer = "";

    RowSink(RowPrinter printer, int columns) {
        this.printer = printer;
        this.columns = columns;
    }

    /** One value for each column: text, number, truth value, time, list, map or null. */
    public void row(@Nullable Object... values) {
        List<@Nullable Object> row = new ArrayList<>(values.length);
        for (Object value : values) {
            row.add(value);
        }
        rowOf(row);
    }

    public void rowOf(List<@Nullable Object> values) {
        if (values.size() != columns) {
            throw new IllegalArgumentException(values.size() + " values for " + columns + " columns");
        }
        printer.row(values);
    }

    /** A member of the JSON document beside the rows. */
    public void about(String name, @Nullable Object value) {
        about.put(name, value);
    }

    /** The line below a table. */
    public void footer(String text) {
        footer = text;
    }

    void end() {
        printer.end(about, footer);
    }
}
