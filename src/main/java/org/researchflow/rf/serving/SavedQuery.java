package org.researchflow.rf.serving;

import java.time.Instant;
import java.util.Optional;

/**
 * A question that somebody keeps by name.
 *
 * @param name by which it is run
 * @param kind what the definition is: {@code cohort} for the JSON of a cohort file, {@code sql-query} for a
 *     Library in JSON, or SQL with a header
 * @param definition the question itself
 * @param description what it is for, in words
 * @param savedBy the database role that saved it
 * @param savedAt when
 */
public record SavedQuery(
        String name, String kind, String definition, Optional<String> description, String savedBy, Instant savedAt) {}
