package org.researchflow.rf.serving;

import java.time.Instant;

/**
 * What rows are complete for.
 *
 * @param asOf the moment up to which they are complete
 * @param complete whether they are all that there are, and of that one moment
 * @param oneMoment whether they are of one moment, be they all that there are or not
 */
public record Extent(Instant asOf, boolean complete, boolean oneMoment) {

    /** Of one moment. */
    static Extent at(Instant asOf, boolean complete) {
        return new Extent(asOf, complete, true);
    }
}
