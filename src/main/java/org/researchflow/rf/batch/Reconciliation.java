package org.researchflow.rf.batch;

import java.time.Duration;
import java.time.Instant;
import org.researchflow.rf.source.SourceState.Counters;

/**
 * The last time that a view's stored rows were compared with the resources that are there: what was expunged, or only
 * tagged, leaves no newer row to find.
 *
 * @param at the watermark of that run
 * @param counters of the source, read before
 */
public record Reconciliation(Instant at, Counters counters) {

    private static final Duration LONGEST_AGE = Duration.ofHours(24);

    /** Whether something may have been expunged or tagged since, or it is long ago. */
    boolean isDue(Instant now, Counters current, boolean readsTags) {
        return !current.deletions().equals(counters.deletions())
                || (readsTags && !current.tags().equals(counters.tags()))
                || Duration.between(at, now).compareTo(LONGEST_AGE) >= 0;
    }
}
