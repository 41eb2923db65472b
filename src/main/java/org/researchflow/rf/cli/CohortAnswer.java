package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.serving.Counted;
import org.researchflow.rf.serving.KnownViews;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.Served;
import org.researchflow.rf.serving.Serving;

/** Asks for a cohort and prints its number or its patients' keys. */
final class CohortAnswer {

    static final int TABLE_WIDTH = 56;

    /** What to say beside the answer itself. */
    record Detail(boolean sql, boolean explanation, boolean byView) {

        static final Detail NONE = new Detail(false, false, false);

        private boolean asksForSteps() {
            return explanation || byView;
        }
    }

    private final Invocation rf;
    private final Serving serving;
    private final Detail detail;
    private final SmallCells small;
    private final Provenance provenance;

    CohortAnswer(Invocation rf, Serving serving, Detail detail, SmallCells small) {
        this.rf = rf;
        this.serving = serving;
        this.detail = detail;
        this.small = small;
        this.provenance = new Provenance(rf, small);
    }

    /** Where the printed answer came from. */
    Relations relations() {
        return provenance.relations();
    }

    private Served<Counted<CohortDoubts.Found>> counted(Cohort cohort) {
        CohortDoubts doubts = new CohortDoubts(cohort, small);
        try (Progress.Wait _ = rf.progress().waitFor("Counting patients")) {
            return serving.count(
                    Serving.CountQuestion.of(cohort, (rows, _) -> doubts.count(rows), CohortDoubts.Found::patients),
                    provenance::watch);
        }
    }

    /** Prints how many patients there are, and returns it. */
    long printCount(Cohort cohort) {
        Served<Counted<CohortDoubts.Found>> answer = counted(cohort);
        CohortDoubts.Found found = answer.result().result();
        long count = found.patients();
        Relations relations = answer.relations();
        provenance.warn(relations);
        provenance.timed(answer.timings());
        found.warnings().forEach(rf.messages()::warning);
        List<String> warnings = new ArrayList<>(relations.warnings());
        warnings.addAll(found.warnings());
        Optional<CohortSteps> steps = detail.asksForSteps()
                ? Optional.of(CohortSteps.ask(rf, serving, cohort, found, small))
                : Optional.empty();
        Optional<Counted.Sides> sides = Provenance.told(answer.result().sides(), count, small);
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("count", small.hides(count) ? null : count);
        if (small.hides(count)) {
            document.put("below", small.least());
        }
        if (CohortSql.canBeOpen(cohort)) {
            document.put("undecided", small.hides(found.undecided()) ? null : found.undecided());
        }
        Map<String, @Nullable Object> members = provenance.members(relations);
        document.put("complete", members.get("complete"));
        document.put("asOf", members.get("asOf"));
        document.put("runner", members.get("runner"));
        sides.ifPresent(told -> document.put("counts", Provenance.counts(told)));
        document.putAll(members);
        document.put("warnings", warnings);
        document.put("timingsMs", answer.timings());
        if (detail.explanation()) {
            document.put("explanation", steps.orElseThrow().explanation());
        }
        if (detail.byView()) {
            document.put("byView", steps.orElseThrow().byView());
        }
        if (detail.sql()) {
            document.put("sql", provenance.sql());
        }
        rf.output().document("rf.query/v1", document, table(cohort, count, answer, sides, steps));
        return count;
    }

    private String table(
            Cohort cohort, long count, Served<?> answer, Optional<Counted.Sides> sides, Optional<CohortSteps> steps) {
        String question = cohort.inWords();
        String number =
                small.hides(count) ? "<" + small.least() : rf.output().wording().count(count);
        int width = Math.max(TABLE_WIDTH, DisplayWidth.of(question) + number.length() + 2);
        return (detail.sql() ? provenance.sql() + "\n\n" : "")
                + steps.filter(_ -> detail.explanation())
                        .map(CohortSteps::explained)
                        .orElse("")
                + steps.filter(_ -> detail.byView()).map(CohortSteps::views).orElse("")
                + " ".repeat(width - "PATIENTS".length()) + "PATIENTS\n"
                + question
                + " ".repeat(width - DisplayWidth.of(question) - number.length())
                + number + "\n"
                + provenance.sides(answer.relations(), sides, width)
                + provenance.line(answer);
    }

    /** Prints the patients' keys as they come; none of a cohort whose number is not told. */
    void printIds(Cohort cohort) throws IOException, SQLException {
        CohortDoubts doubts = new CohortDoubts(cohort, small);
        List<String> warnings = new ArrayList<>(doubts.warn(rf, serving));
        Answer shape = Answer.of("rf.query/v1", "ids", Field.text("PATIENT", "patient_id"));
        rf.output().rows(shape, sink -> {
            GuardedRows guarded = new GuardedRows(sink, small);
            Served<Long> answer;
            try (Progress.Wait wait = rf.progress().waitFor("Looking for patients")) {
                answer = serving.answer(
                        (KnownViews views) -> CohortSql.ids(cohort, views),
                        (rows, _) -> {
                            wait.over();
                            return drain(rows, guarded, CohortSql.canBeOpen(cohort));
                        },
                        provenance::watch);
            }
            provenance.warn(answer.relations());
            provenance.timed(answer.timings());
            List<String> more = new ArrayList<>(doubts.undecided(answer.result()));
            guarded.warning().ifPresent(more::add);
            more.forEach(rf.messages()::warning);
            warnings.addAll(answer.relations().warnings());
            warnings.addAll(more);
            sink.about("count", guarded.told() ? guarded.patients() : null);
            provenance.members(answer.relations()).forEach(sink::about);
            sink.about("warnings", warnings);
            sink.about("timingsMs", answer.timings());
            if (detail.sql()) {
                sink.about("sql", provenance.sql());
            }
            long count = guarded.patients();
            sink.footer((detail.sql() ? provenance.sql() + "\n\n" : "")
                    + (guarded.told()
                            ? rf.output().wording().count(count) + (count == 1 ? " patient, " : " patients, ")
                            : "fewer than " + small.least() + " patients, ")
                    + provenance.line(answer));
        });
    }

    /** Returns how many there are of whom it can't be decided. */
    private static long drain(ResultSet rows, GuardedRows guarded, boolean open) throws SQLException {
        long undecided = 0;
        while (rows.next()) {
            if (open && !rows.getBoolean(2)) {
                undecided++;
            } else {
                guarded.row(rows.getString(1), List.of(rows.getString(1)));
            }
        }
        return undecided;
    }
}
