package org.researchflow.rf.batch;

import java.util.List;

/**
 * What the comparison of a view with a fresh computation found.
 *
 * @param view the view's name
 * @param rows how many rows it holds
 * @param missing how many it should hold, and does not
 * @param extra how many it holds, and should not
 * @param missingOf some of the resources that rows are missing of
 * @param extraOf some of those that it has extra rows of
 * @param setAside how many live resources have no rows, and should have none yet
 * @param newer how many resources changed since its last refresh; their rows are not compared
 */
public record Verified(
        String view,
        long rows,
        long missing,
        long extra,
        List<String> missingOf,
        List<String> extraOf,
        long setAside,
        long newer) {

    public Verified {
        missingOf = List.copyOf(missingOf);
        extraOf = List.copyOf(extraOf);
    }

    /** Whether the view is exactly what a full build would have made of the resources that it has seen. */
    public boolean isRight() {
        return missing == 0 && extra == 0;
    }
}
