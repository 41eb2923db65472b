package org.researchflow.rf.speed;

import java.time.Instant;
import org.researchflow.rf.source.TransactionSnapshot;

/**
 * What the speed layer has seen: every resource whose current row was written by transaction {@code from} or a later one,
 * as of a snapshot.
 *
 * @param from the oldest transaction (xid8) of which nothing was missed
 * @param to the snapshot in which the source was last read
 * @param asOf a moment such that everything committed before it is in that snapshot
 * @param origin the system, timeline and database whose transactions are counted, as {@code SourceState} has it
 */
public record Coverage(long from, TransactionSnapshot to, Instant asOf, String origin) {

    /** Whether stored rows of that state, merged with the changes since it, are all that was there as of {@link #asOf}. */
    public boolean reaches(TransactionSnapshot watermark, String watermarkOrigin) {
        return origin.equals(watermarkOrigin)
                && Long.compareUnsigned(from, watermark.oldest()) <= 0
                && to.seesAllOf(watermark);
    }
}
