package org.researchflow.rf.bench;

/**
 * The name of a row of figures.
 *
 * @param scenario such as {@code query}
 * @param query what is asked or done, such as {@code diabetes} or {@code changed-1%}
 * @param runner who does it: one of rf's runners, {@code floor} for the bare statement, or a program's name
 */
public record Series(String scenario, String query, String runner) {

    /** The bare statement, without rf around it. */
    public static final String FLOOR = "floor";

    @Override
    public String toString() {
        return scenario + " " + query + " " + runner;
    }
}
