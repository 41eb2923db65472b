package org.researchflow.rf.serving;

import java.time.Instant;
import java.util.Optional;

/**
 * How answers are looked for.
 *
 * @param speed where what is newer than the stored rows is found
 * @param freshness which answers are too old
 * @param since if only the rows of resources are wanted that were written at this moment or later
 * @param logged whether an answer leaves a line in the query log
 * @param question the kinds of what is asked, for that line; no values that could tell of anybody
 */
public record ServingOptions(
        SpeedSide speed, Freshness freshness, Optional<Instant> since, boolean logged, String question) {

    public static final ServingOptions DEFAULT =
            new ServingOptions(new SpeedSide.Absent(), Freshness.DEFAULT, Optional.empty(), true, "");

    public ServingOptions withSpeed(SpeedSide other) {
        return new ServingOptions(other, freshness, since, logged, question);
    }

    public ServingOptions withFreshness(Freshness other) {
        return new ServingOptions(speed, other, since, logged, question);
    }

    public ServingOptions writtenSince(Optional<Instant> moment) {
        return new ServingOptions(speed, freshness, moment, logged, question);
    }

    public ServingOptions asking(String kinds) {
        return new ServingOptions(speed, freshness, since, logged, kinds);
    }

    public ServingOptions unlogged() {
        return new ServingOptions(speed, freshness, since, false, question);
    }
}
