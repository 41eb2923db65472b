package org.researchflow.rf.source;

/** Why a live resource has no rows in a view. */
public enum Obstacle {
    UNDECODED("in PostgreSQL large objects that were not decoded yet"),
    NO_RIGHT("in PostgreSQL large objects that this role may not read"),
    OBJECT_MISSING("in PostgreSQL large objects that are gone"),
    CORRUPT("in PostgreSQL large objects that hold no compressed UTF-8 text"),
    TOO_LARGE("larger than PostgreSQL's jsonb can be"),
    ELSEWHERE("outside of the database (encoding ESR)"),
    NO_VERSION("missing: hfj_res_ver has no row for the current version"),
    NO_BODY("missing: the row of the current version holds none"),
    INVALID_JSON("not JSON that PostgreSQL can hold"),
    /** An error that the view's SQL raises on purpose; its text says more. */
    RULE("against the view's rules"),
    /** Any other error in a value; its text says more. */
    VALUE("more than the view's columns can hold");

    private final String where;

    Obstacle(String where) {
        this.where = where;
    }

    /** What the body is, behind "the body is" or "the bodies are". */
    public String inWords() {
        return where;
    }
}
