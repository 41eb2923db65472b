package org.researchflow.rf.cli;

import java.time.Duration;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;

/**
 * How long the query log keeps its lines: those that are older go with each refresh.
 *
 * @param longest that long
 */
record QueryLogAge(Duration longest) {

    private static final int STANDARD_DAYS = 365;

    static QueryLogAge of(Configuration configuration) {
        return new QueryLogAge(Duration.ofDays(configuration
                .get(ConfigKey.QUERY_LOG_DAYS)
                .map(QueryLogAge::days)
                .orElse(STANDARD_DAYS)));
    }

    private static int days(ConfigValue value) {
        if (!ConfigKey.QUERY_LOG_DAYS.form().fits(value.text())) {
            throw Failure.usage(value.origin() + " is no number of days, 1 to 99999: " + value.text())
                    .note("try", "RF_QUERY_LOG_DAYS=90");
        }
        return Integer.parseInt(value.text());
    }
}
