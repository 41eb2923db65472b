package org.researchflow.rf.cohort;

/** What to make of values that leave open whether a criterion is met: partial dates, values below a limit. */
enum Certainty {
    /** Met whatever the values mean. */
    CERTAIN,
    /** Met for something that the values can mean. */
    POSSIBLE;

    /** Who certainly does not meet a criterion is who cannot possibly meet it. */
    Certainty negated() {
        return this == CERTAIN ? POSSIBLE : CERTAIN;
    }
}
