package org.researchflow.rf.speed;

import java.util.List;

/**
 * What the speed layer holds, read in one atomic step.
 *
 * @param coverage what it is complete for
 * @param changes at least all of the types that were asked for since the transaction that was asked for; no key twice
 */
public record RecentChanges(Coverage coverage, List<Change> changes) {
    public RecentChanges {
        changes = List.copyOf(changes);
    }
}
