package org.researchflow.rf.serving;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;

/**
 * How answers are looked for.
 *
 * @param speed where what is newer than the stored rows is found
 * @param freshness which answers are too old
 * @param since if only the rows of resources are wanted that were written at this moment or later
 * @param logged whether an answer leaves a line in the query log
 * @param question the kinds of what is asked, for that line; no values that could tell of anybody
 * @param reaching the codes in the question that stand for those below them
 */
public record ServingOptions(
        SpeedSide speed,
        Freshness freshness,
        Optional<Instant> since,
        boolean logged,
        String question,
        List<Code> reaching) {

    public ServingOptions {
        reaching = List.copyOf(reaching);
    }

    public static final ServingOptions DEFAULT =
            new ServingOptions(new SpeedSide.Absent(), Freshness.DEFAULT, Optional.empty(), true, "", List.of());

    /** Whether a question about stored rows needs nothing else. */
    boolean areForStoredRows() {
        return since.isEmpty() && reaching.isEmpty();
    }

    public ServingOptions withSpeed(SpeedSide other) {
        return new ServingOptions(other, freshness, since, logged, question, reaching);
    }

    public ServingOptions withFreshness(Freshness other) {
        return new ServingOptions(speed, other, since, logged, question, reaching);
    }

    public ServingOptions writtenSince(Optional<Instant> moment) {
        return new ServingOptions(speed, freshness, moment, logged, question, reaching);
    }

    public ServingOptions asking(String kinds) {
        return new ServingOptions(speed, freshness, since, logged, kinds, reaching);
    }

    /** For a question about a cohort. */
    public ServingOptions asking(Cohort cohort) {
        return new ServingOptions(speed, freshness, since, logged, cohort.outline(), cohort.reaching());
    }

    public ServingOptions unlogged() {
        return new ServingOptions(speed, freshness, since, false, question, reaching);
    }
}
