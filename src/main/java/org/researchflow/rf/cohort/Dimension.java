package org.researchflow.rf.cohort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;

/** What the patients of a cohort can be told apart by. */
public enum Dimension {
    /** The administrative gender. */
    GENDER("gender"),
    /** Ten completed years of age each, the last from 90 on. */
    AGE_BAND("age-band"),
    /** The codes of all of a patient's conditions. */
    CODE("code"),
    /** The years of all of a patient's conditions. */
    YEAR("year");

    private final String word;

    Dimension(String word) {
        this.word = word;
    }

    /** The word for it in questions and answers. */
    public String word() {
        return word;
    }

    /** The column of an answer. */
    public String column() {
        return word.replace('-', '_');
    }

    /** Whether a patient can be in several cells. */
    public boolean overlaps() {
        return this == CODE || this == YEAR;
    }

    /**
     * Reads {@code gender,age-band,code,year}, or some of these.
     *
     * @throws Failure if there is none, one is unknown or named twice
     */
    public static List<Dimension> parse(String text) {
        List<Dimension> dimensions = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String word = part.strip().toLowerCase(Locale.ROOT).replace('_', '-');
            Dimension dimension = named(word).orElseThrow(() -> unknown(part, word));
            if (dimensions.contains(dimension)) {
                throw Failure.usage("\"" + dimension.word + "\" is named twice").note("try", "--by gender,age-band");
            }
            dimensions.add(dimension);
        }
        return dimensions;
    }

    private static Optional<Dimension> named(String word) {
        return Arrays.stream(values())
                .filter(dimension -> dimension.word.equals(word))
                .findFirst();
    }

    private static Failure unknown(String part, String word) {
        List<String> known = Arrays.stream(values()).map(Dimension::word).toList();
        Failure failure = Failure.usage("patients are not told apart by \"" + Quoted.shown(part) + '"');
        Suggestion.nearest(word, known)
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near),
                        () -> failure.note("try", "one or more of " + String.join(",", known)));
        return failure;
    }
}
