package org.researchflow.rf.cohort;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of patients: those that meet every criterion.
 *
 * @param criteria all of which a patient meets; none at all means every patient
 */
public record Cohort(List<Criterion> criteria) {
    public Cohort {
        criteria = List.copyOf(criteria);
    }

    /** The cohort in words. */
    public String inWords() {
        return criteria.isEmpty()
                ? "all patients"
                : criteria.stream().map(Criterion::inWords).collect(Collectors.joining(" and "));
    }
}
