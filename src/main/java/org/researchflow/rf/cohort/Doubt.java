package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Optional;

/** Makes a warning of what the data say against a question. */
public final class Doubt {

    private final Check check;

    Doubt(Check check) {
        this.check = check;
    }

    /** The warning, if what was found is worth one. */
    public Optional<String> warning(List<String> found) {
        return check.isTold(found) ? Optional.of(check.warning(found)) : Optional.empty();
    }
}
