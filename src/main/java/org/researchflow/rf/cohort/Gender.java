package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Locale;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;

/** Has one of these administrative genders. */
public record Gender(List<String> genders) implements Criterion {

    /** FHIR's own. */
    public static final List<String> KNOWN = List.of("male", "female", "other", "unknown");

    public Gender {
        genders = List.copyOf(genders);
    }

    /**
     * Reads genders as FHIR has them, in any case.
     *
     * @throws Failure if there is no such gender: it would silently match nobody
     */
    public static Gender parse(List<String> texts) {
        return new Gender(texts.stream().map(Gender::known).distinct().toList());
    }

    private static String known(String text) {
        String gender = text.strip().toLowerCase(Locale.ROOT);
        if (!KNOWN.contains(gender)) {
            Failure failure = Failure.usage("no gender \"" + Quoted.shown(text) + "\" in FHIR");
            Suggestion.nearest(gender, KNOWN)
                    .or(() -> KNOWN.stream()
                            .filter(g -> g.startsWith(gender) && !gender.isEmpty())
                            .findFirst())
                    .ifPresentOrElse(
                            near -> failure.note("did you mean", near),
                            () -> failure.note("try", "male, female, other or unknown"));
            throw failure;
        }
        return gender;
    }

    @Override
    public String inWords() {
        return "gender = " + String.join(" or ", genders);
    }
}
