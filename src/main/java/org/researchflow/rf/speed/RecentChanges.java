package org.researchflow.rf.speed;

import java.util.List;
import java.util.Map;

/**
 * What the speed layer holds, read in one atomic step.
 *
 * @param coverage what it is complete for
 * @param changes at least all of the types that were asked for since the transaction that was asked for; no key twice
 * @param rows instead of them, by type, where the rows of all views that were asked for are known
 */
public record RecentChanges(Coverage coverage, List<Change> changes, Map<String, ChangedRows> rows) {
    public RecentChanges {
        changes = List.copyOf(changes);
        rows = Map.copyOf(rows);
    }

    /** Resources alone. */
    public RecentChanges(Coverage coverage, List<Change> changes) {
        this(coverage, changes, Map.of());
    }
}
