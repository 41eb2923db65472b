package org.researchflow.rf.cohort;

import java.util.List;

/**
 * Where resources of a type say in codes what they are about, and where in words.
 *
 * @param codes one of these must match
 * @param system of the last of the codes, the only one that a system can be asked of
 * @param words any of these may say it
 */
record Coding(List<Need> codes, Need system, List<Need> words) {

    /** The element {@code code}, which most resources have. */
    static final Coding CODE = new Coding(
            List.of(Need.of("code.coding.code")),
            Need.of("code.coding.system"),
            List.of(Need.of("code.coding.display"), Need.of("code.text")));

    Coding {
        codes = List.copyOf(codes);
        words = List.copyOf(words);
    }
}
