package org.researchflow.rf.fhirpath;

/**
 * Where a piece of an expression stands in its text.
 *
 * @param start the offset of its first character, from 0
 * @param end the offset after its last character
 */
public record Span(int start, int end) {
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("span " + start + ".." + end);
        }
    }

    /** From the start of this one to the end of the other. */
    public Span to(Span other) {
        return new Span(start, other.end);
    }
}
