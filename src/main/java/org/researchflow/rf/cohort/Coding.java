package org.researchflow.rf.cohort;

import java.util.List;
import java.util.stream.Stream;

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
        codes = codes.stream().map(Need::all).toList();
        system = system.beside(codes.getLast());
        words = words.stream().map(Need::all).toList();
    }

    /** The value's column of that path, beside the code if each part has a value of its own. */
    Need value(String... paths) {
        Need value = Need.of(Stream.of(paths).map(path -> values + path).toArray(String[]::new));
        return values.isEmpty() ? value : value.beside(codes.getLast());
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
