package org.researchflow.rf.serving;

import org.researchflow.rf.sql.Sql;

/**
 * A common table expression.
 *
 * @param name as SQL text
 * @param computation how it is computed, as SQL text
 */
record Cte(String name, String computation, Sql query) {

    static final String ONCE = " as materialized ";
    static final String INLINE = " as not materialized ";
    static final String AS_PLANNED = " as ";
}
