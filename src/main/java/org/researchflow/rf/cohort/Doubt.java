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
    public Optional<String> warning(List<String> found, SmallCells small) {
        if (!check.isTold(found)) {
            return Optional.empty();
        }
        boolean counts = check instanceof Check.ByReference;
        return Optional.of(check.warning(
                counts && small.hides(Long.parseLong(found.getFirst()))
                        ? List.of("fewer than " + small.least(), found.getLast())
                        : found));
    }
}
