package org.researchflow.rf.speed;

import java.util.Collection;
import java.util.Map;

/** What changed lately, for whoever answers questions. */
public interface SpeedLayer {

    /**
     * Reads what changed, coverage and changes in one atomic step.
     *
     * @param since by resource type, the transaction (xid8) whose changes and all later ones are wanted
     * @throws NotCoveredException if there is no proof that nothing is missing: no coverage, a lost entry, more entries
     *     than may be read, a server that does not answer
     */
    RecentChanges read(Map<String, Long> since) throws NotCoveredException;

    /**
     * The same for whoever needs no more than the rows that some views make of the changes: of types whose views' rows
     * are all known these come, and no resource.
     */
    default RecentChanges read(Map<String, Long> since, Collection<KeptRows> views) throws NotCoveredException {
        return read(since);
    }
}
