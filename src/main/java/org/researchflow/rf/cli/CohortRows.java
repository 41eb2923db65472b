package org.researchflow.rf.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.Served;
import org.researchflow.rf.serving.Serving;

/** Asks for the rows about a cohort's patients and prints them as they come. */
final class CohortRows {

    private final Invocation rf;
    private final Serving serving;
    private final SmallCells small;
    private final boolean showSql;
    private final Provenance provenance;

    CohortRows(Invocation rf, Serving serving, SmallCells small, boolean showSql) {
        this.rf = rf;
        this.serving = serving;
        this.small = small;
        this.showSql = showSql;
        this.provenance = new Provenance(rf, small);
    }

    /** Prints the rows of that view, or of one of patients, and returns where they came from. */
    Relations print(Cohort cohort, Optional<String> view, List<String> columns) {
        List<String> warnings = warn(cohort);
        Served<Long> answer;
        try (Progress.Wait wait = rf.progress().waitFor("Looking for patients")) {
            answer = serving.answer(
                    views -> CohortSql.rows(cohort, views, view.map(views::named), columns),
                    (rows, relations) -> {
                        wait.over();
                        return print(rows, relations, warnings);
                    },
                    provenance::watch);
        }
        if (showSql && rf.output().format() == OutputFormat.TABLE) {
            rf.messages().remark(provenance.sql());
        }
        return answer.relations();
    }

    /** Rows are those of patients who certainly belong: of how many it can't be decided has to be asked. */
    private List<String> warn(Cohort cohort) {
        CohortDoubts doubts = new CohortDoubts(cohort, small);
        if (!CohortSql.canBeOpen(cohort)) {
            return doubts.warn(rf, serving);
        }
        List<String> warnings = serving.answer(
                        views -> CohortSql.count(cohort, views),
                        (rows, _) -> doubts.count(rows).warnings(),
                        new Provenance(rf)::watch)
                .result();
        warnings.forEach(rf.messages()::warning);
        return warnings;
    }

    private long print(ResultSet rows, Relations relations, List<String> warnings) throws SQLException {
        // The first column says whom a row is about, and is not shown.
        List<Field> fields = ViewRows.fields(rows.getMetaData(), 2);
        provenance.warn(relations);
        try {
            long[] count = {0};
            rf.output().rows(new Answer("rf.rows/v1", "rows", fields), sink -> {
                GuardedRows guarded = new GuardedRows(sink, small);
                while (rows.next()) {
                    guarded.row(rows.getString(1), ViewRows.row(rows, 2));
                    count[0]++;
                }
                List<String> all = new ArrayList<>(warnings);
                all.addAll(relations.warnings());
                guarded.warning().ifPresent(warning -> {
                    rf.messages().warning(warning);
                    all.add(warning);
                });
                sink.about("patients", guarded.told() ? guarded.patients() : null);
                provenance.members(relations).forEach(sink::about);
                sink.about("warnings", all);
                if (showSql) {
                    sink.about("sql", provenance.sql());
                }
                Wording wording = rf.output().wording();
                sink.footer(
                        guarded.told()
                                ? wording.count(count[0])
                                        + (count[0] == 1 ? " row of " : " rows of ")
                                        + wording.count(guarded.patients())
                                        + (guarded.patients() == 1 ? " patient" : " patients")
                                : "fewer than " + small.least() + " patients");
            });
            return count[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
