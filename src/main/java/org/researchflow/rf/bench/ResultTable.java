package org.researchflow.rf.bench;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.io.csv.CsvWriteOptions;

/**
 * A report as a table: one row a series, times in milliseconds.
 *
 * @param table with a column for each metric, and one for each bound of its interval
 */
public record ResultTable(Table table) {

    /** The columns of {@link #row}. */
    public static final List<String> SHOWN = List.of(
            "scenario",
            "query",
            "runner",
            "p50",
            "p50_low",
            "p50_high",
            "p90",
            "p95",
            "p99",
            "max",
            "over_floor",
            "throughput",
            "errors",
            "cpu");

    /** Of a report. */
    public static ResultTable of(Report report) {
        List<Measured> measured = report.measured();
        List<Column<?>> columns = new ArrayList<>();
        columns.add(StringColumn.create(
                "scenario", measured.stream().map(one -> one.series().scenario())));
        columns.add(StringColumn.create(
                "query", measured.stream().map(one -> one.series().query())));
        columns.add(StringColumn.create(
                "runner", measured.stream().map(one -> one.series().runner())));
        columns.add(LongColumn.create("asked", measured.stream().mapToLong(Measured::asked)));
        for (Metric metric : Metric.values()) {
            DoubleColumn value = DoubleColumn.create(metric.toString());
            DoubleColumn low = DoubleColumn.create(metric + "_low");
            DoubleColumn high = DoubleColumn.create(metric + "_high");
            for (Measured one : measured) {
                Optional<Estimate> estimate = Optional.ofNullable(one.figures().get(metric));
                append(value, estimate.map(Estimate::value));
                append(low, estimate.map(Estimate::low));
                append(high, estimate.map(Estimate::high));
            }
            columns.addAll(List.of(value, low, high));
        }
        DoubleColumn over = DoubleColumn.create("over_floor");
        measured.forEach(one -> append(over, report.overFloor(one)));
        columns.add(over);
        return new ResultTable(Table.create("bench", columns));
    }

    private static void append(DoubleColumn column, Optional<Double> value) {
        value.ifPresentOrElse(found -> column.append(found.doubleValue()), column::appendMissing);
    }

    /** What people look at of one series: the columns {@link #SHOWN}. */
    public List<@Nullable Object> row(int series) {
        List<@Nullable Object> values = new ArrayList<>();
        for (String name : SHOWN) {
            Column<?> column = table.column(name);
            values.add(column.isMissing(series) ? null : column.get(series));
        }
        return values;
    }

    /** With three digits, as far as they mean something. */
    public static String rounded(double value) {
        double size = Math.abs(value);
        String format = size == 0 || size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    /** Everything, exact, with a heading. */
    public String csv() {
        StringWriter text = new StringWriter();
        table.write().usingOptions(CsvWriteOptions.builder(text).build());
        return text.toString();
    }
}
