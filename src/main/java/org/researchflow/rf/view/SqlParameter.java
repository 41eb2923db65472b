package org.researchflow.rf.view;

import java.util.Optional;

/**
 * A value that a SQLQuery is given when it runs.
 *
 * @param name as it stands behind a colon in the SQL
 * @param type what values it takes
 * @param required whether it must be given; it is null otherwise
 * @param documentation in the author's words
 */
public record SqlParameter(String name, ParameterType type, boolean required, Optional<String> documentation) {}
