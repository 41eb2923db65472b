package org.researchflow.rf.cohort;

/**
 * The hierarchy in which the codes below one are found.
 *
 * @param system whose it is
 * @param codes how many codes are meant
 */
public record Hierarchy(String system, long codes) {

    /** The table of all links, and the one of all codes: a question reads them by these names. */
    public static final String PARENTS = "sqlonfhir.code_hierarchy_parent";

    public static final String CONCEPTS = "sqlonfhir.code_hierarchy_concept";
}
