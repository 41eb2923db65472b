package org.researchflow.rf.sql;

import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Value.Literal;

/** The fixed values of a plan in SQL. */
final class LiteralSql {

    private LiteralSql() {}

    static Term sql(Literal literal, Form form) {
        Type type = literal.type();
        String text = literal.text();
        if (form == Form.TEXT) {
            return Term.text(text);
        }
        return switch (Form.of(type)) {
            // A bare literal has no type of its own, and to_jsonb() wants one.
            case TEXT -> Form.TEXT.as(form, Term.text(text).cast("text"));
            case JSON -> Form.JSON.as(form, Term.text(text).cast("jsonb"));
            case NUMBER -> Form.NUMBER.as(form, Term.number(text));
            case BOOLEAN -> Form.BOOLEAN.as(form, Term.atom(text));
        };
    }
}
