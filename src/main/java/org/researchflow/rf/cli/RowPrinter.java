package org.researchflow.rf.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows on their way out in one format, in constant memory. */
sealed interface RowPrinter permits TablePrinter, CsvPrinter, JsonPrinter, MarkdownPrinter, NdjsonPrinter {

    void row(List<@Nullable Object> values);

    /**
     * All rows are there.
     *
     * @param about what JSON says about them besides
     * @param footer what a table says below them
     */
    void end(Map<String, @Nullable Object> about, String footer);

    /** The rest will not come, and some rows have been printed already: leave what programs can still read. */
    void breakOff();
}
