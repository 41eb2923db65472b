package org.researchflow.rf.fhirpath;

/** The text is not FHIRPath: what was expected, and where. */
public final class FhirPathSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int position;

    FhirPathSyntaxException(String message, int position) {
        super(message);
        this.position = position;
    }

    /** The offset in the expression's text at which the parser could not go on. */
    public int position() {
        return position;
    }

    /** What was expected there. */
    public String problem() {
        return String.valueOf(getMessage());
    }
}
