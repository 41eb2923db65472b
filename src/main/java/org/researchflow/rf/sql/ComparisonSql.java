package org.researchflow.rf.sql;

import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Comparator;
import org.researchflow.rf.sql.Term.Strength;

/**
 * Equality, equivalence and order in SQL.
 *
 * @see <a href="https://hl7.org/fhirpath/N1/#equality">FHIRPath, equality and equivalence</a>
 */
final class ComparisonSql {

    private ComparisonSql() {}

    /** What PostgreSQL's own operators compare; texts are ordered by code point, whatever the database's collation. */
    static Term plain(Comparator comparator, Term left, Term right, Form form) {
        boolean byCodePoint = form == Form.TEXT && comparator != Comparator.EQUAL && comparator != Comparator.NOT_EQUAL;
        Term last = byCodePoint ? new Term(right.in(Strength.CAST) + " collate \"C\"", Strength.PRODUCT) : right;
        return Term.compare(left, symbol(comparator), last);
    }

    static String symbol(Comparator comparator) {
        return switch (comparator) {
            case EQUAL -> "=";
            case NOT_EQUAL -> "<>";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
        };
    }

    /** Quantities of one unit compare by their values; of different ones nothing is known. */
    static Term quantities(Comparator comparator, Term left, Term right) {
        return Term.when(sameUnit(left, right), Term.compare(number(left), symbol(comparator), number(right)));
    }

    private static Term sameUnit(Term left, Term right) {
        return new Term(
                unit(left).in(Strength.OPERATOR) + " is not distinct from "
                        + unit(right).in(Strength.OPERATOR),
                Strength.IS);
    }

    /** The code of a unit, or its name; a Quantity without unit has the unit 1. */
    private static Term unit(Term quantity) {
        return Term.call("coalesce", quantity.memberText("'code'"), quantity.memberText("'unit'"), Term.text("1"));
    }

    static Term number(Term quantity) {
        return quantity.member("'value'").cast("numeric");
    }

    /** {@code ~} of two values that are there. */
    static Term equivalent(Term left, Term right, Type type) {
        return switch (type.kind()) {
            case INTEGER, DECIMAL -> alike(left, right);
            case QUANTITY -> Term.and(sameUnit(left, right), alike(number(left), number(right)));
            case BOOLEAN, STRING, DATE, DATE_TIME, TIME, COMPLEX ->
                Term.compare(equivalenceKey(left, type), "=", equivalenceKey(right, type));
        };
    }

    /** Numbers are equivalent when they are equal as far as the less precise one goes. */
    private static Term alike(Term left, Term right) {
        Term places = Term.call("least", Term.call("min_scale", left), Term.call("min_scale", right));
        return Term.compare(Term.call("round", left, places), "=", Term.call("round", right, places));
    }

    /** What is the same for equal values and only for these, as far as one value alone can tell. */
    static Term key(Term value, Type type) {
        return TemporalSql.isTemporal(type) ? TemporalSql.key(value, type) : value;
    }

    static Term equivalenceKey(Term value, Type type) {
        return type.kind() == Kind.STRING
                ? Term.atom("lower(btrim(regexp_replace(" + value + ", '[[:space:]]+', ' ', 'g')))")
                : key(value, type);
    }

    static String keyType(Type type) {
        return Form.of(type).sqlType();
    }
}
