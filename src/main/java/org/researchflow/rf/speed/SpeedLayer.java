package org.researchflow.rf.speed;

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
}
