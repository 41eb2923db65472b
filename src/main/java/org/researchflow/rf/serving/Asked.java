package org.researchflow.rf.serving;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.researchflow.rf.cohort.Question;
import org.researchflow.rf.sql.Layout;
import org.researchflow.rf.sql.Sql;

/**
 * What is asked of views.
 *
 * @param reads the columns that it reads of each view, by the view's name
 * @param statement what is run over what the names of the views stand for
 * @param beside what else is read changes in what the views are complete for
 * @param listing whether the answer can be of any length
 */
record Asked(
        Map<String, Set<String>> reads,
        Function<Relations, Sql> statement,
        UnaryOperator<Relations> beside,
        boolean listing) {

    /** The column with the mark of each row. */
    static final String MARK = "rf_mark";

    static Asked of(Question question) {
        return new Asked(
                question.reads(),
                relations -> relations.around(question.sql()),
                UnaryOperator.identity(),
                question.listing());
    }

    static <T> Asked of(Serving.CountQuestion<T> asking, KnownViews views) {
        Question count = asking.count().of(views);
        Question patients = asking.patients().of(views);
        Map<String, Set<String>> reads = new LinkedHashMap<>();
        for (Question question : List.of(count, patients)) {
            question.reads()
                    .forEach((view, columns) -> reads.computeIfAbsent(view, _ -> new LinkedHashSet<>())
                            .addAll(columns));
        }
        return new Asked(reads, new Counting(count.sql(), patients.sql())::over, UnaryOperator.identity(), false);
    }

    /** The views that it reads, of each the columns. */
    List<KnownView> views(KnownViews known) {
        return reads.entrySet().stream()
                .map(read -> known.view(read.getKey()).reading(read.getValue()))
                .toList();
    }

    /** The same with a mark in each row. */
    Asked marked(String mark) {
        return new Asked(
                reads,
                relations -> {
                    Sql sql = statement.apply(relations);
                    return new Sql(
                            "select answer.*, " + mark + " as " + MARK + "\nfrom " + Layout.nested(sql.text())
                                    + " as answer",
                            sql.parameters());
                },
                beside,
                listing);
    }

    /** The same where it is known already what the names stand for: the statement is made once. */
    Asked over(Relations relations) {
        Sql sql = statement.apply(relations);
        return new Asked(reads, _ -> sql, beside, listing);
    }
}
