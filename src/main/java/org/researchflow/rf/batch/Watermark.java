package org.researchflow.rf.batch;

import java.time.Instant;
import org.researchflow.rf.source.TransactionSnapshot;

/**
 * The state of the source that a materialization is certainly complete for.
 *
 * @param snapshot PostgreSQL's snapshot ({@code pg_current_snapshot()}) in which the source was read
 * @param at a moment such that everything committed before it is in the snapshot
 * @param origin the system, timeline and database whose transactions the snapshot counts
 */
public record Watermark(String snapshot, Instant at, String origin) {

    /** Which transactions the rows have in them. */
    public TransactionSnapshot transactions() {
        return TransactionSnapshot.parse(snapshot);
    }

    /** The id (xid8) below which every transaction is in the snapshot, or never was committed. */
    public long oldestTransaction() {
        return transactions().oldest();
    }
}
