package org.researchflow.rf.load;

/**
 * A line that was not loaded.
 *
 * @param file its file's name
 * @param line its number
 * @param reason why
 */
public record Rejection(String file, long line, Reason reason) {

    /** Why a line cannot be loaded, in words that quote nothing of it. */
    public enum Reason {
        NOT_JSON("not JSON"),
        NOT_AN_OBJECT("JSON, but no object"),
        MORE_THAN_ONE("more than one JSON value in the line"),
        NO_TYPE("no resourceType"),
        UNKNOWN_TYPE("its resourceType is none of FHIR R4, R4B or R5"),
        NO_ID("no id"),
        BAD_ID("its id is no FHIR id"),
        NUL("it holds the character \\u0000, which PostgreSQL cannot store"),
        TOO_LONG("longer than 48 MB"),
        BAD_DELETION("a deletion that does not name a resource as Type/id"),
        NOT_STORABLE("PostgreSQL cannot store it"),
        UNREADABLE("from here on the file cannot be read");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
