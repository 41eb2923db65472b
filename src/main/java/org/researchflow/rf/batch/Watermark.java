package org.researchflow.rf.batch;

import java.time.Instant;

/**
 * The state of the source that a materialization is certainly complete for.
 *
 * @param snapshot PostgreSQL's snapshot ({@code pg_current_snapshot()}) in which the source was read
 * @param at a moment such that everything committed before it is in the snapshot
 */
public record Watermark(String snapshot, Instant at) {}
