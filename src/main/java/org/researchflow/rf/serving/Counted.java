package org.researchflow.rf.serving;

import java.util.Optional;

/**
 * How many patients a cohort has.
 *
 * @param count of them
 * @param sides where they come from; empty where not all views have stored rows
 */
public record Counted(long count, Optional<Sides> sides) {

    /**
     * The two sides of a count: {@code count = batch + speed - superseded}.
     *
     * @param batch how many the stored rows alone give
     * @param speed how many joined since
     * @param superseded how many left since
     */
    public record Sides(long batch, long speed, long superseded) {}
}
