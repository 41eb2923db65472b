package org.researchflow.rf.cohort;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.researchflow.rf.sql.Sql;

/**
 * SQL over views, which it calls by their names: whoever runs it says what rows those names stand for.
 *
 * @param reads the columns that it reads of each view, by the view's name
 * @param sql the statement
 * @param listing whether its answer can be of any length, and not just numbers
 */
public record Question(Map<String, Set<String>> reads, Sql sql, boolean listing) {
    public Question {
        Map<String, Set<String>> copy = new LinkedHashMap<>();
        reads.forEach((view, columns) -> copy.put(view, Set.copyOf(columns)));
        reads = Collections.unmodifiableMap(copy);
    }

    /** What is counted or found out. */
    static Question ofNumbers(Map<String, Set<String>> reads, Sql sql) {
        return new Question(reads, sql, false);
    }

    /** What is listed. */
    static Question ofList(Map<String, Set<String>> reads, Sql sql) {
        return new Question(reads, sql, true);
    }

    /** Every column of one view, listed. */
    static Question ofAll(ViewShape view, Sql sql) {
        Set<String> columns = new LinkedHashSet<>();
        view.columns().forEach(column -> columns.add(column.name()));
        return ofList(Map.of(view.name(), columns), sql);
    }
}
