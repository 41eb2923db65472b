package org.researchflow.rf.cohort;

import java.util.List;

/**
 * Where resources of a type say in codes what they are about, and where in words.
 *
 * @param codes one of these must match
 * @param system of the last of the codes, the only one that a system can be asked of
 * @param words any of these may say it
 * @param values the element below which the value lies that goes with the code, with a dot; empty for the resource itself
 */
record Coding(List<Need> codes, Need system, List<Need> words, String values) {

    /** The element {@code code}, which most resources have. */
    static final Coding CODE = of("");

    /** The components of an observation, such as the two pressures of the blood. */
    static final Coding COMPONENT = of("component.");

    Coding {
        codes = List.copyOf(codes);
        words = List.copyOf(words);
    }

    Coding(List<Need> codes, Need system, List<Need> words) {
        this(codes, system, words, "");
    }

    private static Coding of(String element) {
        String code = element + "code.";
        return new Coding(
                List.of(Need.of(code + "coding.code")),
                Need.of(code + "coding.system"),
                List.of(Need.of(code + "coding.display"), Need.of(code + "text")),
                element);
    }
}
