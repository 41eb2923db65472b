package org.researchflow.rf.cohort;

/** Which codes are meant by naming one, written in front of it as SNOMED's expression language has it. */
public enum Reach {
    /** The code alone. */
    ITSELF(""),
    /** The code and all that are below it in a hierarchy. */
    SELF_AND_BELOW("<<"),
    /** All that are below it, and not the code itself. */
    BELOW("<");

    private final String sign;

    Reach(String sign) {
        this.sign = sign;
    }

    /** What stands in front of the code. */
    String sign() {
        return sign;
    }

    /** The reach that a text begins with. */
    static Reach of(String text) {
        return text.startsWith(SELF_AND_BELOW.sign) ? SELF_AND_BELOW : text.startsWith(BELOW.sign) ? BELOW : ITSELF;
    }
}
