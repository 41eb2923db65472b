package org.researchflow.rf.serving;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.researchflow.rf.batch.Feeds;

/**
 * What rows are complete for.
 *
 * @param asOf the moment up to which they are complete
 * @param complete whether they are all that there are, and of that one moment
 * @param oneMoment whether they are of one moment, be they all that there are or not
 * @param overlap what their completeness rests on, where it is an assumption: that what is written on a FHIR server is
 *     visible there after so long
 */
public record Extent(Instant asOf, boolean complete, boolean oneMoment, Optional<Duration> overlap) {

    Extent(Instant asOf, boolean complete, boolean oneMoment) {
        this(asOf, complete, oneMoment, Optional.empty());
    }

    /** Of one moment. */
    static Extent at(Instant asOf, boolean complete) {
        return new Extent(asOf, complete, true);
    }

    Extent incomplete() {
        return new Extent(asOf, false, oneMoment, overlap);
    }

    /** The same where the resources themselves were told by FHIR servers. */
    Extent resting(Feeds.Told told) {
        return new Extent(
                told.readAt().isBefore(asOf) ? told.readAt() : asOf,
                complete && told.deletions() && told.whole(),
                oneMoment,
                Optional.of(told.overlap()));
    }
}
