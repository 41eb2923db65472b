package org.researchflow.rf.acceptance;

import java.util.List;
import java.util.function.Function;

/**
 * A criterion as a person writes it, and what it means, worked out over the resources themselves.
 *
 * @param flags on the command line
 * @param json in a cohort file
 * @param meaning whether a patient meets it
 */
record Asked(List<String> flags, String json, Function<PatientRecord, Truth> meaning) {}
