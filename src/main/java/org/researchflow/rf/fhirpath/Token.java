package org.researchflow.rf.fhirpath;

/**
 * A word of FHIRPath.
 *
 * @param kind what it is
 * @param text its decoded text: an identifier's name, a string's content, a symbol's characters
 * @param span where it stands
 */
record Token(Kind kind, String text, Span span) {

    enum Kind {
        IDENTIFIER,
        QUOTED_IDENTIFIER,
        STRING,
        NUMBER,
        DATE,
        DATE_TIME,
        TIME,
        EXTERNAL,
        SPECIAL,
        SYMBOL,
        END
    }

    boolean is(String symbolOrWord) {
        return (kind == Kind.SYMBOL || kind == Kind.IDENTIFIER) && text.equals(symbolOrWord);
    }
}
