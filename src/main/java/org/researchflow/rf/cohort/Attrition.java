package org.researchflow.rf.cohort;

import java.util.List;

/**
 * How a cohort comes about, criterion by criterion.
 *
 * @param question one row: how many patients there are; then for each criterion how many are left, and how many meet it
 *     whatever the others
 * @param steps all patients, and each criterion
 */
public record Attrition(Question question, List<Step> steps) {

    public Attrition {
        steps = List.copyOf(steps);
    }

    /**
     * One criterion.
     *
     * @param words the criterion
     * @param sources the views that serve it
     */
    public record Step(String words, List<Source> sources) {
        public Step {
            sources = List.copyOf(sources);
        }
    }
}
