package org.researchflow.rf.cohort;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Which events count, and how many there must be.
 *
 * @param since the first day that counts
 * @param until the last day that counts
 * @param statuses those that count; if there are none, all but what was entered in error
 * @param atLeast how many of them there must be
 */
public record Occurrence(Optional<LocalDate> since, Optional<LocalDate> until, List<String> statuses, int atLeast) {

    /** Whenever, in any status but entered in error, once. */
    public static final Occurrence ANY = new Occurrence(Optional.empty(), Optional.empty(), List.of(), 1);

    public Occurrence {
        statuses = List.copyOf(statuses);
    }

    /** Whether the day matters. */
    boolean isDated() {
        return since.isPresent() || until.isPresent();
    }

    String inWords() {
        String from = since.map(day -> " since " + day).orElse("");
        String to = until.map(day -> " until " + day).orElse("");
        String status = statuses.isEmpty() ? "" : " (" + String.join(", ", statuses) + ")";
        return status + from + to + (atLeast > 1 ? " at least " + atLeast + " times" : "");
    }
}
