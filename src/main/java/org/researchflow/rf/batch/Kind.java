package org.researchflow.rf.batch;

/** What a view is defined by. */
public enum Kind {
    VIEW_DEFINITION("ViewDefinition"),
    SQL_VIEW("SQLView");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /** As the specification calls it, and the catalog keeps it. */
    @Override
    public String toString() {
        return word;
    }

    static Kind of(String word) {
        return word.equals(SQL_VIEW.word) ? SQL_VIEW : VIEW_DEFINITION;
    }
}
