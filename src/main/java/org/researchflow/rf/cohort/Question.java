package org.researchflow.rf.cohort;

import java.util.List;
import org.researchflow.rf.sql.Sql;

/**
 * SQL over views, which it calls by their names: whoever runs it says what rows those names stand for.
 *
 * @param views the names of the views that it reads, each once
 * @param sql the statement
 */
public record Question(List<String> views, Sql sql) {
    public Question {
        views = List.copyOf(views);
    }
}
