package org.researchflow.rf.sql;

import org.researchflow.rf.plan.Type;
import org.researchflow.rf.sql.Term.Strength;

/** In which SQL type a value is written. */
enum Form {
    JSON("jsonb"),
    TEXT("text"),
    NUMBER("numeric"),
    BOOLEAN("boolean");

    private final String sqlType;

    Form(String sqlType) {
        this.sqlType = sqlType;
    }

    String sqlType() {
        return sqlType;
    }

    /** The form in which values of a type compare. */
    static Form of(Type type) {
        return switch (type.kind()) {
            case BOOLEAN -> BOOLEAN;
            case INTEGER, DECIMAL -> NUMBER;
            case STRING, DATE, DATE_TIME, TIME -> TEXT;
            case QUANTITY, COMPLEX -> JSON;
        };
    }

    /** The form in which an item of a JSON array is unpacked: text where that is what is compared anyway. */
    static Form unpacked(Type type) {
        return of(type) == TEXT ? TEXT : JSON;
    }

    /** An expression of this form in another. */
    Term as(Form wanted, Term term) {
        if (this == wanted) {
            return term;
        }
        return switch (wanted) {
            case TEXT ->
                this == JSON
                        ? new Term(term.in(Strength.OPERATOR) + " #>> '{}'", Strength.OPERATOR)
                        : term.cast("text");
            case JSON -> Term.call("to_jsonb", term);
            case NUMBER -> term.cast("numeric");
            case BOOLEAN -> term.cast("boolean");
        };
    }
}
