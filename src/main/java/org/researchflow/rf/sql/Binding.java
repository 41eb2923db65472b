package org.researchflow.rf.sql;

import java.util.Optional;

/**
 * What a variable of the plan is in the SQL at hand.
 *
 * @param sql the expression for the item
 * @param form its form
 * @param position the expression for its position, from 0
 */
record Binding(String sql, Form form, Optional<String> position) {}
