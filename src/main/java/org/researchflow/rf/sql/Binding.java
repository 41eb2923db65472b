package org.researchflow.rf.sql;

import java.util.Optional;

/**
 * What a variable of the plan is in the SQL at hand.
 *
 * @param sql the expression for the item
 * @param form its form
 * @param position the expression for its position, from 0
 * @param beside the object that stands beside a primitive item, with its id and extensions
 */
record Binding(Term sql, Form form, Optional<Term> position, Optional<Term> beside) {

    Binding(Term sql, Form form) {
        this(sql, form, Optional.empty(), Optional.empty());
    }
}
