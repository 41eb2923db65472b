package org.researchflow.rf.sql;

import java.util.Optional;
import org.researchflow.rf.plan.ViewPlan;

/**
 * How views read resources, wherever those are.
 *
 * @param lenient whether a value that does not fit the type of its column is null and counted instead of an error
 * @param serverBase the FHIR server's own base URL, with a slash at its end: absolute references below it are its own
 */
public record Reading(boolean lenient, Optional<String> serverBase) {

    /** Every value must fit, and no absolute reference is a key. */
    public static final Reading STRICT = new Reading(false, Optional.empty());

    /** The plan as it is read. */
    public ViewPlan of(ViewPlan plan) {
        return lenient ? plan.leniently() : plan;
    }

    /** What differs from {@link #STRICT}, in words; empty when nothing does. */
    public String differences() {
        return (lenient ? ", lenient" : "")
                + serverBase.map(base -> ", server base URL " + base).orElse("");
    }
}
