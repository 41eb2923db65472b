package org.researchflow.rf.batch;

/**
 * What the comparison of a view with a fresh computation found.
 *
 * @param view the view's name
 * @param rows how many rows it holds
 * @param missing how many it should hold, and does not
 * @param extra how many it holds, and should not
 * @param newer how many resources changed since its last refresh; their rows are not compared
 */
public record Verified(String view, long rows, long missing, long extra, long newer) {

    /** Whether the view is exactly what a full build would have made of the resources that it has seen. */
    public boolean isRight() {
        return missing == 0 && extra == 0;
    }
}
