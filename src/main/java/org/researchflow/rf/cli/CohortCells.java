package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.cohort.Breakdown;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.Dimension;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.serving.Counted;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.Served;
import org.researchflow.rf.serving.Serving;

/** Asks for a cohort's patients in cells and prints how many there are in each. */
final class CohortCells {

    private final Invocation rf;
    private final Serving serving;
    private final SmallCells small;
    private final boolean showSql;
    private final Provenance provenance;

    CohortCells(Invocation rf, Serving serving, SmallCells small, boolean showSql) {
        this.rf = rf;
        this.serving = serving;
        this.small = small;
        this.showSql = showSql;
        this.provenance = new Provenance(rf, small);
    }

    /** One cell: a value for each dimension, which is null where there is none, and its patients. */
    private record Cell(List<@Nullable Object> values, long patients) {}

    private record Table(long total, long undecided, List<Cell> cells) {}

    /** Prints the table and returns where it came from. */
    Relations print(Cohort cohort, Breakdown breakdown) throws IOException, SQLException {
        CohortDoubts doubts = new CohortDoubts(cohort, small);
        List<String> warnings = new ArrayList<>(doubts.warn(rf, serving));
        Served<Counted<Table>> answer;
        try (Progress.Wait _ = rf.progress().waitFor("Counting patients")) {
            answer = serving.count(
                    new Serving.CountQuestion<>(
                            views -> CohortSql.breakdown(cohort, breakdown, views),
                            (rows, _) -> table(rows, breakdown),
                            Table::total,
                            views -> CohortSql.members(cohort, views)),
                    provenance::watch);
        }
        Table table = answer.result().result();
        Optional<Counted.Sides> sides = Provenance.told(answer.result().sides(), table.total(), small);
        List<Long> numbers = table.cells().stream().map(Cell::patients).toList();
        List<Boolean> withheld = small.withheld(numbers, table.total());
        boolean hidden = small.hidesTable(numbers, withheld);
        provenance.warn(answer.relations());
        provenance.timed(answer.timings());
        List<String> more = new ArrayList<>(doubts.undecided(table.undecided()));
        if (hidden) {
            more.add("too few patients for any cell to be told (--min-cell " + small.least() + ")");
        }
        more.forEach(rf.messages()::warning);
        warnings.addAll(answer.relations().warnings());
        warnings.addAll(more);
        rf.output().rows(new Answer("rf.query/v1", "cells", fields(breakdown)), sink -> {
            for (int i = 0; i < (hidden ? 0 : table.cells().size()); i++) {
                Cell cell = table.cells().get(i);
                List<@Nullable Object> row = new ArrayList<>(cell.values());
                row.add(withheld.get(i) ? null : cell.patients());
                sink.rowOf(row);
            }
            sink.about("count", small.hides(table.total()) ? null : table.total());
            if (CohortSql.canBeOpen(cohort)) {
                sink.about("undecided", small.hides(table.undecided()) ? null : table.undecided());
            }
            sides.ifPresent(told -> sink.about("counts", Provenance.counts(told)));
            sink.about("overlapping", breakdown.overlaps());
            sink.about("withheld", withheld.contains(true));
            provenance.members(answer.relations()).forEach(sink::about);
            sink.about("warnings", warnings);
            sink.about("timingsMs", answer.timings());
            if (showSql) {
                sink.about("sql", provenance.sql());
            }
            sink.footer(footer(cohort, breakdown, table.total(), withheld.contains(true))
                    + provenance.sides(answer.relations(), sides, CohortAnswer.TABLE_WIDTH)
                    + provenance.line(answer));
        });
        return answer.relations();
    }

    private static List<Field> fields(Breakdown breakdown) {
        List<Field> fields = new ArrayList<>();
        for (Dimension dimension : breakdown.dimensions()) {
            String heading = dimension.word().replace('-', ' ').toUpperCase(Locale.ROOT);
            fields.add(
                    dimension == Dimension.YEAR
                            ? Field.number(heading, dimension.column())
                            : Field.text(heading, dimension.column()));
        }
        fields.add(Field.count("PATIENTS", "patients"));
        return fields;
    }

    private static Table table(ResultSet rows, Breakdown breakdown) throws SQLException {
        long total = 0;
        long undecided = 0;
        List<Cell> cells = new ArrayList<>();
        rows.next();
        do {
            total = rows.getLong("total");
            undecided = rows.getLong("undecided");
            long patients = rows.getLong("patients");
            if (patients > 0) {
                List<@Nullable Object> values = new ArrayList<>();
                for (Dimension dimension : breakdown.dimensions()) {
                    values.add(rows.getObject(dimension.column()));
                }
                cells.add(new Cell(values, patients));
            }
        } while (!rows.isLast() && rows.next());
        return new Table(total, undecided, cells);
    }

    private String footer(Cohort cohort, Breakdown breakdown, long total, boolean withheld) {
        Wording wording = rf.output().wording();
        return (showSql ? provenance.sql() + "\n\n" : "")
                + cohort.inWords() + ": "
                + (small.hides(total) ? "fewer than " + small.least() : wording.count(total))
                + (total == 1 && !small.hides(total) ? " patient" : " patients")
                + (breakdown.overlaps() ? ", in as many cells as they have codes or years" : "")
                + (withheld ? "; - is fewer than " + small.least() + ", or would tell of fewer" : "")
                + "\n";
    }
}
