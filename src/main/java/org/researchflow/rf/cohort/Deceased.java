package org.researchflow.rf.cohort;

/**
 * Has died, or is not known to have: who has no word on it in the record counts as alive.
 *
 * @param died whether it is the dead who are asked for
 */
public record Deceased(boolean died) implements Criterion {
    @Override
    public String inWords() {
        return died ? "deceased" : "alive";
    }
}
