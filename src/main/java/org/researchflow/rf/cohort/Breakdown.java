package org.researchflow.rf.cohort;

import java.time.LocalDate;
import java.util.List;

/**
 * The cells into which the patients of a cohort are counted.
 *
 * @param dimensions what they are told apart by, in the order of the columns
 * @param at the day of which ages are
 */
public record Breakdown(List<Dimension> dimensions, LocalDate at) {
    public Breakdown {
        dimensions = List.copyOf(dimensions);
    }

    /** Whether a patient can be in several cells, so that they do not add up to the number of patients. */
    public boolean overlaps() {
        return dimensions.stream().anyMatch(Dimension::overlaps);
    }
}
