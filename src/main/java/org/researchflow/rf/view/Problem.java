package org.researchflow.rf.view;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;

/**
 * One thing wrong with a file, at its place.
 *
 * @param place where
 * @param what in words, without the place: {@code no element "gendr" in Patient}
 * @param remark what stands behind the caret: {@code expected ')' here}
 * @param suggestion what was probably meant
 */
public record Problem(Place place, String what, String remark, Optional<String> suggestion) {

    public static Problem at(Place place, String what, String remark) {
        return new Problem(place, what, remark, Optional.empty());
    }

    /** As a person reads it: the sentence, the line and a caret. */
    public String message() {
        String guess = suggestion.map(s -> "      did you mean:  " + s + " ?").orElse("");
        return what + " at " + place + guess + "\n" + place.excerpt(remark);
    }

    /** All problems of a file as the failure that stops a command, in the order of the file. */
    public static Failure failure(List<Problem> problems) {
        String text = problems.stream()
                .sorted(Comparator.comparingInt((Problem p) -> p.place().line())
                        .thenComparingInt(p -> p.place().column()))
                .map(Problem::message)
                .distinct()
                .collect(Collectors.joining("\n"));
        return Failure.usage(text);
    }
}
