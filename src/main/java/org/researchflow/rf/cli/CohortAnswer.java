package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.Criterion;
import org.researchflow.rf.serving.Counted;
import org.researchflow.rf.serving.KnownViews;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.Served;
import org.researchflow.rf.serving.Serving;

/** Asks for a cohort and prints the answer. */
final class CohortAnswer {

    private static final int TABLE_WIDTH = 56;

    private final Invocation rf;
    private final Serving serving;
    private final boolean showSql;
    private final Provenance provenance;

    CohortAnswer(Invocation rf, Serving serving, boolean showSql) {
        this.rf = rf;
        this.serving = serving;
        this.showSql = showSql;
        this.provenance = new Provenance(rf);
    }

    /** Prints how many patients there are, and returns it. */
    long printCount(Cohort cohort) {
        Served<Counted> answer = serving.count(
                views -> CohortSql.count(cohort, views), views -> CohortSql.ids(cohort, views), provenance::watch);
        long count = answer.result().count();
        Relations relations = answer.relations();
        provenance.warn(relations);
        List<String> warnings = new ArrayList<>(relations.warnings());
        if (count == 0) {
            warnings.addAll(codesNotCarried(cohort));
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("count", count);
        Map<String, @Nullable Object> members = provenance.members(relations);
        document.put("complete", members.get("complete"));
        document.put("asOf", members.get("asOf"));
        document.put("runner", members.get("runner"));
        answer.result().sides().ifPresent(sides -> document.put("counts", Provenance.counts(sides)));
        document.putAll(members);
        document.put("warnings", warnings);
        document.put("timingsMs", answer.timings());
        if (showSql) {
            document.put("sql", provenance.sql());
        }
        rf.output().document("rf.query/v1", document, table(cohort, count, answer));
        return count;
    }

    /** A silent zero may be a typing error: says which codes no row carries. */
    private List<String> codesNotCarried(Cohort cohort) {
        List<String> warnings = new ArrayList<>();
        for (Criterion criterion : cohort.criteria()) {
            if (criterion instanceof Criterion.Condition condition) {
                serving.answer(
                                views -> CohortSql.codesNotCarried(condition, views),
                                CohortAnswer::texts,
                                new Provenance(rf)::watch)
                        .result()
                        .forEach(code -> warnings.add("no condition carries code " + code
                                + Code.parse(code)
                                        .doubt()
                                        .map(why -> " (" + why + ")")
                                        .orElse("")));
            }
        }
        warnings.forEach(rf.messages()::warning);
        return warnings;
    }

    private static List<String> texts(ResultSet rows, Relations relations) throws SQLException {
        List<String> texts = new ArrayList<>();
        while (rows.next()) {
            texts.add(rows.getString(1));
        }
        return texts;
    }

    private String table(Cohort cohort, long count, Served<Counted> answer) {
        Wording wording = rf.output().wording();
        String question = cohort.inWords();
        String number = wording.count(count);
        int width = Math.max(TABLE_WIDTH, DisplayWidth.of(question) + number.length() + 2);
        double total = answer.timings().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        return (showSql ? provenance.sql() + "\n\n" : "")
                + " ".repeat(width - "PATIENTS".length()) + "PATIENTS\n"
                + question
                + " ".repeat(width - DisplayWidth.of(question) - number.length())
                + number + "\n"
                + provenance.line(answer.relations(), total);
    }

    /** Prints the patients' keys as they come. */
    void printIds(Cohort cohort) throws IOException, SQLException {
        org.researchflow.rf.cli.Answer shape =
                org.researchflow.rf.cli.Answer.of("rf.query/v1", "ids", Field.text("PATIENT", "patient_id"));
        rf.output().rows(shape, sink -> {
            Served<Long> answer = serving.answer(
                    (KnownViews views) -> CohortSql.ids(cohort, views),
                    (rows, _) -> drain(rows, sink),
                    provenance::watch);
            provenance.warn(answer.relations());
            sink.about("count", answer.result());
            provenance.members(answer.relations()).forEach(sink::about);
            sink.about("timingsMs", answer.timings());
            if (showSql) {
                sink.about("sql", provenance.sql());
            }
            double total = answer.timings().values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            sink.footer((showSql ? provenance.sql() + "\n\n" : "")
                    + rf.output().wording().count(answer.result())
                    + (answer.result() == 1 ? " patient, " : " patients, ")
                    + provenance.line(answer.relations(), total));
        });
    }

    private static long drain(ResultSet rows, RowSink sink) throws SQLException {
        long count = 0;
        while (rows.next()) {
            sink.row(rows.getString(1));
            count++;
        }
        return count;
    }
}
