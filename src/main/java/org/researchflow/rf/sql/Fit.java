package org.researchflow.rf.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Rows;
import org.researchflow.rf.plan.Rows.Output;
import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Value.Boundary;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Count;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Holds;
import org.researchflow.rf.plan.Value.Logic;
import org.researchflow.rf.plan.Value.Not;
import org.researchflow.rf.plan.Value.RowIndex;

/**
 * How a text fits a column's type. PostgreSQL 16 and later can say whether a text is valid input before it is cast.
 *
 * @param condition whether it does; null for no text at all
 * @param value the text in that type, null where it does not fit
 */
record Fit(Term condition, Term value) {

    private static final Term DAY = Term.text("^[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Term PARTIAL_DAY = Term.text("^[0-9]{4}(-[0-9]{2}(-[0-9]{2}|$)|$)");
    private static final Term CLOCK = Term.text("^[0-9]{2}:");
    private static final Term BASE64 = Term.text("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$");

    /** What PostgreSQL's base64 decoder passes over. */
    private static final Term BLANKS = Term.text(" \t\r\n");

    private static Fit when(Term condition, Term value, String sqlType) {
        // A null of no size would take the size, as in numeric(5,2), from all.
        return new Fit(
                condition,
                sqlType.indexOf('(') < 0
                        ? Term.when(condition, value)
                        : Term.when(condition, value, Term.nothing(sqlType)));
    }

    /** Whether a column may get a value that does not fit its type. */
    static boolean mayFail(Output output) {
        String type = output.column().sqlType();
        boolean holdsAnything = type.startsWith("character") || type.startsWith("text") || type.startsWith("jsonb");
        return !holdsAnything && !(output.items() instanceof One(Value value) && alwaysFits(value, type));
    }

    private static boolean alwaysFits(Value value, String sqlType) {
        return switch (value) {
            case Comparison _, Logic _, Not _, Exists _, Holds _ -> sqlType.equals("boolean");
            case Count _, RowIndex _ -> sqlType.equals("integer") || sqlType.equals("bigint");
            default -> false;
        };
    }

    /** The names of the columns for which that is so in any branch of the rows. */
    static Set<String> mayFail(Rows rows) {
        Set<String> names = new HashSet<>();
        switch (rows) {
            case Rows.Project(List<Output> outputs) ->
                outputs.stream()
                        .filter(Fit::mayFail)
                        .forEach(output -> names.add(output.column().name()));
            case Rows.Product(List<Rows> factors) -> factors.forEach(factor -> names.addAll(mayFail(factor)));
            case Rows.Union(List<Rows> branches) -> branches.forEach(branch -> names.addAll(mayFail(branch)));
            case Rows.Unnest unnest -> names.addAll(mayFail(unnest.body()));
        }
        return names;
    }

    /** The boundary of which a date column wants no more than the day. */
    static Optional<Boundary> dayBoundary(Value value, String sqlType) {
        return sqlType.equals("date")
                        && value instanceof Boundary boundary
                        && boundary.precision().isEmpty()
                        && boundary.value().type().kind().isCalendar()
                ? Optional.of(boundary)
                : Optional.empty();
    }

    /** How the day of a boundary fits, given the text that it is the boundary of. */
    static Fit ofDay(Term text, Boundary boundary) {
        Term first = Term.template("overlay('YYYY-01-01' placing left(%s, 10) from 1)", text);
        return when(
                Term.and(Term.compare(text, "~", PARTIAL_DAY), valid(first, "date")),
                BoundarySql.day(text, boundary.value().type(), boundary.high()),
                "date");
    }

    /** How a text fits that is written for a value of a FHIR type. */
    static Fit of(Term text, Type from, String sqlType) {
        if (sqlType.equals("bytea")) {
            Term digits = Term.call("translate", text, BLANKS, Term.text(""));
            return when(Term.compare(digits, "~", BASE64), Term.call("decode", text, Term.text("base64")), sqlType);
        }
        if (sqlType.equals("boolean") && Form.of(from) == Form.BOOLEAN) {
            return when(Term.template("(%s in ('true', 'false'))", text), text.cast(sqlType), sqlType);
        }
        boolean whole = sqlType.endsWith("int") || sqlType.equals("integer");
        if (whole && Form.of(from) == Form.NUMBER) {
            Term number = text.cast("numeric");
            return when(
                    Term.choice(
                            Term.branch(valid(text, "numeric").not(), Term.atom("false")),
                            "else " + valid(Term.call("round", number).cast("text"), sqlType)),
                    number.cast(sqlType),
                    sqlType);
        }
        if (sqlType.equals("date") || sqlType.startsWith("timestamp")) {
            return ofCalendar(text, from, sqlType);
        }
        // Otherwise 'now' would be a time.
        return sqlType.startsWith("time")
                ? when(Term.and(Term.compare(text, "~", CLOCK), valid(text, sqlType)), text.cast(sqlType), sqlType)
                : when(valid(text, sqlType), text.cast(sqlType), sqlType);
    }

    // Not 'today', and not a date whose day and month only the session's DateStyle tells apart.
    private static Fit ofCalendar(Term text, Type from, String sqlType) {
        boolean instant = from.name().equals("instant") && sqlType.endsWith("with time zone");
        boolean calendar = from.kind().isCalendar() && !instant;
        boolean day = sqlType.equals("date");
        Term input = !calendar ? text : day ? Term.call("left", text, Term.atom("10")) : TemporalSql.zoned(text);
        Term value = !calendar ? text.cast(sqlType) : day ? ColumnSql.day(text, from) : ColumnSql.moment(text, sqlType);
        return when(
                Term.and(Term.compare(text, "~", DAY), valid(input, calendar && !day ? "timestamptz" : sqlType)),
                value,
                sqlType);
    }

    private static Term valid(Term text, String sqlType) {
        return Term.call("pg_input_is_valid", text, Term.text(sqlType));
    }
}
