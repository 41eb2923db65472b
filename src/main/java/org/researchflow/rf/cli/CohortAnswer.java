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
import org.researchflow.rf.cohort.Doubt;
import org.researchflow.rf.serving.Counted;
import org.researchflow.rf.serving.KnownViews;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.Served;
import org.researchflow.rf.serving.Serving;

/** Asks for a cohort and prints the answer. */
final class CohortAnswer {

    private static final int TABLE_WIDTH = 56;

    /** What to say beside the answer itself. */
    record Detail(boolean sql, boolean explanation, boolean byView) {

        static final Detail NONE = new Detail(false, false, false);

        private boolean asksForSteps() {
            return explanation || byView;
        }
    }

    /** One row of a count: the patients, those of whom it can't be decided, and warnings. */
    private record Found(long patients, long undecided, List<String> warnings) {}

    private final Invocation rf;
    private final Serving serving;
    private final Detail detail;
    private final Provenance provenance;

    CohortAnswer(Invocation rf, Serving serving, Detail detail) {
        this.rf = rf;
        this.serving = serving;
        this.detail = detail;
        this.provenance = new Provenance(rf);
    }

    /** Where the printed answer came from. */
    Relations relations() {
        return provenance.relations();
    }

    /** Prints how many patients there are, and returns it. */
    long printCount(Cohort cohort) {
        Served<Counted<Found>> answer = serving.count(
                new Serving.CountQuestion<>(
                        views -> CohortSql.count(cohort, views),
                        (rows, _) -> found(cohort, rows),
                        Found::patients,
                        views -> CohortSql.members(cohort, views)),
                provenance::watch);
        Found found = answer.result().result();
        long count = found.patients();
        Relations relations = answer.relations();
        provenance.warn(relations);
        found.warnings().forEach(rf.messages()::warning);
        List<String> warnings = new ArrayList<>(relations.warnings());
        warnings.addAll(found.warnings());
        Optional<CohortSteps> steps =
                detail.asksForSteps() ? Optional.of(CohortSteps.ask(rf, serving, cohort)) : Optional.empty();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("count", count);
        if (CohortSql.canBeOpen(cohort)) {
            document.put("undecided", found.undecided());
        }
        Map<String, @Nullable Object> members = provenance.members(relations);
        document.put("complete", members.get("complete"));
        document.put("asOf", members.get("asOf"));
        document.put("runner", members.get("runner"));
        answer.result().sides().ifPresent(sides -> document.put("counts", Provenance.counts(sides)));
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
        rf.output().document("rf.query/v1", document, table(cohort, count, answer, steps));
        return count;
    }

    private static Found found(Cohort cohort, ResultSet rows) throws SQLException {
        rows.next();
        boolean open = CohortSql.canBeOpen(cohort);
        long undecided = open ? rows.getLong(2) : 0;
        List<String> warnings = new ArrayList<>();
        if (undecided > 0) {
            warnings.add(undecided(undecided));
        }
        warnings.addAll(warnings(cohort, rows, open ? 3 : 2));
        return new Found(rows.getLong(1), undecided, warnings);
    }

    private static String undecided(long patients) {
        return patients + (patients == 1 ? " more patient" : " more patients")
                + " may belong to the cohort: partial or missing dates, or values without an exact number, leave it open";
    }

    /** What the data say against the question, from the column on. */
    private static List<String> warnings(Cohort cohort, ResultSet rows, int column) throws SQLException {
        List<String> warnings = new ArrayList<>();
        for (Doubt doubt : CohortSql.doubts(cohort)) {
            String[] found = (String[]) rows.getArray(column++).getArray();
            doubt.warning(List.of(found)).ifPresent(warnings::add);
        }
        return warnings;
    }

    private String table(Cohort cohort, long count, Served<Counted<Found>> answer, Optional<CohortSteps> steps) {
        Wording wording = rf.output().wording();
        String question = cohort.inWords();
        String number = wording.count(count);
        int width = Math.max(TABLE_WIDTH, DisplayWidth.of(question) + number.length() + 2);
        double total = answer.timings().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        return (detail.sql() ? provenance.sql() + "\n\n" : "")
                + steps.filter(_ -> detail.explanation())
                        .map(CohortSteps::explained)
                        .orElse("")
                + steps.filter(_ -> detail.byView()).map(CohortSteps::views).orElse("")
                + " ".repeat(width - "PATIENTS".length()) + "PATIENTS\n"
                + question
                + " ".repeat(width - DisplayWidth.of(question) - number.length())
                + number + "\n"
                + provenance.sides(answer.relations(), answer.result().sides(), width)
                + provenance.line(answer.relations(), total);
    }

    /** Says what the data say against a question whose answer is a list. */
    private List<String> warn(Cohort cohort) {
        if (CohortSql.doubts(cohort).isEmpty()) {
            return List.of();
        }
        List<String> warnings = serving.answer(
                        views -> CohortSql.checks(cohort, views),
                        (rows, _) -> {
                            rows.next();
                            return warnings(cohort, rows, 1);
                        },
                        new Provenance(rf)::watch)
                .result();
        warnings.forEach(rf.messages()::warning);
        return warnings;
    }

    /** Prints the patients' keys as they come. */
    void printIds(Cohort cohort) throws IOException, SQLException {
        List<String> warnings = new ArrayList<>(warn(cohort));
        Answer shape = Answer.of("rf.query/v1", "ids", Field.text("PATIENT", "patient_id"));
        rf.output().rows(shape, sink -> {
            Served<Found> answer = serving.answer(
                    (KnownViews views) -> CohortSql.ids(cohort, views),
                    (rows, _) -> drain(rows, sink, CohortSql.canBeOpen(cohort)),
                    provenance::watch);
            provenance.warn(answer.relations());
            answer.result().warnings().forEach(rf.messages()::warning);
            warnings.addAll(answer.relations().warnings());
            warnings.addAll(answer.result().warnings());
            long count = answer.result().patients();
            sink.about("count", count);
            provenance.members(answer.relations()).forEach(sink::about);
            sink.about("warnings", warnings);
            sink.about("timingsMs", answer.timings());
            if (detail.sql()) {
                sink.about("sql", provenance.sql());
            }
            double total = answer.timings().values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            sink.footer((detail.sql() ? provenance.sql() + "\n\n" : "")
                    + rf.output().wording().count(count)
                    + (count == 1 ? " patient, " : " patients, ")
                    + provenance.line(answer.relations(), total));
        });
    }

    private static Found drain(ResultSet rows, RowSink sink, boolean open) throws SQLException {
        long count = 0;
        long undecided = 0;
        while (rows.next()) {
            if (open && !rows.getBoolean(2)) {
                undecided++;
            } else {
                sink.row(rows.getString(1));
                count++;
            }
        }
        return new Found(count, undecided, undecided > 0 ? List.of(undecided(undecided)) : List.of());
    }
}
