package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.Optional;
import org.researchflow.rf.Failure;

/**
 * How long the query log keeps its lines: those that are older go with each refresh.
 *
 * @param longest that long
 */
record QueryLogAge(Duration longest) {

    private static final String VARIABLE = "RF_QUERY_LOG_DAYS";
    private static final int STANDARD_DAYS = 365;

    static QueryLogAge of(Environment environment) {
        Optional<String> text = environment.get(VARIABLE);
        if (text.isPresent() && !text.get().matches("[1-9][0-9]{0,4}")) {
            throw Failure.usage(VARIABLE + " is no number of days, 1 or more: " + text.get())
                    .note("try", VARIABLE + "=90");
        }
        return new QueryLogAge(Duration.ofDays(text.map(Integer::parseInt).orElse(STANDARD_DAYS)));
    }
}
