package org.researchflow.rf.plan;

import java.util.Optional;
import org.researchflow.rf.fhirpath.Span;

/** An expression that has no meaning for a view, with the place in its text; ends the compilation of that path. */
final class Rejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Span span;
    private final String remark;
    private final transient Optional<String> suggestion;
    private transient Optional<String> element = Optional.empty();

    private Rejection(Span span, String what, String remark, Optional<String> suggestion) {
        super(what);
        this.span = span;
        this.remark = remark;
        this.suggestion = suggestion;
    }

    static Rejection of(Span span, String what, String remark) {
        return new Rejection(span, what, remark, Optional.empty());
    }

    static Rejection of(Span span, String what, String remark, Optional<String> suggestion) {
        return new Rejection(span, what, remark, suggestion);
    }

    /** The same, saying that it is an element of this name that the type does not have. */
    Rejection ofElement(String name) {
        element = Optional.of(name);
        return this;
    }

    Optional<String> element() {
        return element;
    }

    Span span() {
        return span;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    String remark() {
        return remark;
    }

    Optional<String> suggestion() {
        return suggestion;
    }
}
