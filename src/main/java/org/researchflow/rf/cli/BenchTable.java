package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.bench.Gate;
import org.researchflow.rf.bench.Measured;
import org.researchflow.rf.bench.Report;
import org.researchflow.rf.bench.ResultTable;

/** What a bench found, in the format that was asked for. */
record BenchTable(Report report) {

    private static final List<String> NAMES = List.of("scenario", "query", "runner");

    void print(Output output) throws IOException, SQLException {
        switch (output.format()) {
            case JSON -> output.document(Report.SCHEMA, report.document(), "");
            case CSV -> output.text(ResultTable.of(report).csv());
            case TABLE, NDJSON, MARKDOWN -> printRows(output);
        }
    }

    private void printRows(Output output) throws IOException, SQLException {
        boolean people = output.format() == OutputFormat.TABLE;
        boolean exact = output.format() == OutputFormat.NDJSON;
        List<Field> fields = new ArrayList<>();
        for (String name : ResultTable.SHOWN) {
            fields.add(NAMES.contains(name) ? Field.text(name, name) : Field.number(heading(name), name));
        }
        if (people) {
            fields.add(Field.text("spread", "spread"));
        }
        ResultTable table = ResultTable.of(report);
        output.rows(new Answer(Report.SCHEMA, "series", fields), sink -> {
            int place = 0;
            for (Measured one : report.measured()) {
                List<@Nullable Object> values = new ArrayList<>();
                for (@Nullable Object value : table.row(place++)) {
                    values.add(value instanceof Double number && !exact ? ResultTable.rounded(number) : value);
                }
                if (people) {
                    values.add(Report.bars(one));
                }
                sink.rowOf(values);
            }
            sink.footer(footer());
        });
    }

    private static String heading(String name) {
        return switch (name) {
            case "p50_low" -> "from";
            case "p50_high" -> "to";
            case "over_floor" -> "+floor";
            case "throughput" -> "1/s";
            default -> name;
        };
    }

    private String footer() {
        StringBuilder text = new StringBuilder(
                "times in ms; from and to: 95 % interval of p50; +floor: p50 beyond the bare statement's");
        for (Gate.Verdict verdict : report.verdicts()) {
            text.append('\n')
                    .append(verdict.broken() ? "broken  " : "kept    ")
                    .append(verdict.gate().text())
                    .append("  ")
                    .append(verdict.series())
                    .append(": ")
                    .append(verdict.why());
        }
        return text.toString();
    }
}
