package org.researchflow.rf.serving;

import java.time.Duration;
import java.time.Instant;

/**
 * How old an answer may be before a fresher one is looked for.
 *
 * @param limit the greatest age of its moment
 */
public record Freshness(Duration limit) {

    /** A poller that runs is not as far behind. */
    public static final Freshness DEFAULT = new Freshness(Duration.ofMinutes(5));

    boolean isTooOld(Instant asOf, Instant now) {
        return asOf.isBefore(now.minus(limit));
    }
}
