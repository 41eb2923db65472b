package org.researchflow.rf.batch;

import java.time.Instant;

/**
 * The state of the source that a materialization is certainly complete for.
 *
 * @param snapshot PostgreSQL's snapshot ({@code pg_current_snapshot()}) in which the source was read
 * @param at a moment such that everything committed before it is in the snapshot
 * @param origin the system, timeline and database whose transactions the snapshot counts
 */
public record Watermark(String snapshot, Instant at, String origin) {

    /** The id (xid8) below which every transaction is in the snapshot, or never was committed. */
    public long oldestTransaction() {
        return Long.parseUnsignedLong(snapshot.substring(0, snapshot.indexOf(':')));
    }
}
