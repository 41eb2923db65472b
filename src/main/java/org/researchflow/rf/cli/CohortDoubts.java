package org.researchflow.rf.cli;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.Doubt;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.serving.Serving;

/**
 * What the data say against a question about a cohort, in words.
 *
 * @param cohort that is asked for
 * @param small the numbers that are not told
 */
record CohortDoubts(Cohort cohort, SmallCells small) {

    /** One row of a count: the patients, those of whom it can't be decided, and warnings. */
    record Found(long patients, long undecided, List<String> warnings) {}

    /** Reads the row of a count. */
    Found count(ResultSet rows) throws SQLException {
        rows.next();
        boolean open = CohortSql.canBeOpen(cohort);
        long undecided = open ? rows.getLong(2) : 0;
        List<String> warnings = new ArrayList<>(undecided(undecided));
        warnings.addAll(warnings(rows, open ? 3 : 2));
        return new Found(rows.getLong(1), undecided, warnings);
    }

    /** Says that there are patients of whom it can't be decided, if there are. */
    List<String> undecided(long patients) {
        if (patients == 0) {
            return List.of();
        }
        String number = small.hides(patients) ? "fewer than " + small.least() : String.valueOf(patients);
        return List.of(
                number + (patients == 1 && !small.hides(1) ? " more patient" : " more patients")
                        + " may belong to the cohort: partial or missing dates, or values without an exact number, leave it open");
    }

    /** From the column on. */
    private List<String> warnings(ResultSet rows, int column) throws SQLException {
        List<String> warnings = new ArrayList<>();
        for (Doubt doubt : CohortSql.doubts(cohort)) {
            String[] found = (String[]) rows.getArray(column++).getArray();
            doubt.warning(List.of(found), small).ifPresent(warnings::add);
        }
        return warnings;
    }

    /** Asks for them alone, where the answer is a list, and says them. */
    List<String> warn(Invocation rf, Serving serving) {
        if (CohortSql.doubts(cohort).isEmpty()) {
            return List.of();
        }
        List<String> warnings = serving.answer(
                        views -> CohortSql.checks(cohort, views),
                        (rows, _) -> {
                            rows.next();
                            return warnings(rows, 1);
                        },
                        new Provenance(rf)::watch)
                .result();
        warnings.forEach(rf.messages()::warning);
        return warnings;
    }
}
