package org.researchflow.rf.cohort;

/** What somebody typed, fit for a message. */
final class Quoted {

    private static final int LONGEST = 60;

    private Quoted() {}

    /** The text without what a terminal would not show, and cut where it is long. */
    static String shown(String text) {
        String plain = text.strip().replace("\0", "\\0").replaceAll("\\p{Cntrl}+", " ");
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
    }
}
