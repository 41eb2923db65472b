package org.researchflow.rf.sql;

import java.util.Optional;
import java.util.function.Function;
import org.researchflow.rf.plan.Items;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Rows.Output;
import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Value.Boundary;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Field;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Only;
import org.researchflow.rf.plan.Value.Pick;
import org.researchflow.rf.plan.Value.ReferenceKey;
import org.researchflow.rf.plan.Value.RowIndex;
import org.researchflow.rf.plan.Var;

/** What fills a column, converted to the column's SQL type. */
final class ColumnSql {

    private final String view;
    private final ValueSql values;
    private final boolean lenient;

    /**
     * The columns of a view.
     *
     * @param lenient whether what does not fit a column's type is null; otherwise it is PostgreSQL's error
     */
    ColumnSql(String view, ValueSql values, boolean lenient) {
        this.view = view;
        this.values = values;
        this.lenient = lenient;
    }

    /** The column's value as an expression of exactly its SQL type. */
    Term sql(Output output) {
        String type = output.column().sqlType();
        String name = name(output);
        if (lenient && Fit.mayFail(output)) {
            return fitting(output, name);
        }
        if (output.column().collection()) {
            String element = element(type);
            return array(output, single -> converted(single, element, name), fragment -> {
                Type from = output.items().type();
                return converted(fragment.value().apply(form(from, element)), from, element, name);
            });
        }
        return converted(single(output.items(), name), type, name);
    }

    private String name(Output output) {
        return "column \"" + output.column().name() + "\" of " + view;
    }

    private static String element(String array) {
        return array.substring(0, array.length() - "[]".length());
    }

    private Term fitting(Output output, String name) {
        String type = output.column().sqlType();
        if (!output.column().collection()) {
            Value value = single(output.items(), name);
            return values.once(
                    written(value, type), text -> fit(value, text, type).value());
        }
        String element = element(type);
        return array(
                output,
                single -> values.once(
                        written(single, element),
                        text -> fit(single, text, element).value()),
                fragment -> values.once(
                        fragment.value().apply(Form.TEXT),
                        text -> Fit.of(text, output.items().type(), element).value()));
    }

    /** A column's values; an item that has none of its own, but extensions, is not among them. */
    private Term array(Output output, Function<Value, Term> single, Function<Fragment, Term> each) {
        String type = output.column().sqlType();
        Term array = output.items() instanceof One(Value one)
                ? Term.atom("array[" + single.apply(one).text() + "]")
                : values.items().collected(output.items(), each);
        Term without = Term.call("array_remove", array, Term.atom("null"));
        // A size, as in numeric(5,2), is forgotten by all that makes an array.
        return element(type).indexOf('(') < 0 ? without : without.cast(type);
    }

    /**
     * Whether there is a value that does not fit the column's type: true, false, or null where there is none at all.
     */
    Term misfit(Output output) {
        if (!Fit.mayFail(output)) {
            return Term.atom("false");
        }
        String type = output.column().sqlType();
        if (!output.column().collection()) {
            Value value = single(output.items(), name(output));
            return values.once(
                            written(value, type), text -> fit(value, text, type).condition())
                    .not();
        }
        String element = element(type);
        if (output.items() instanceof One(Value single)) {
            return values.once(
                            written(single, element),
                            text -> fit(single, text, element).condition())
                    .not();
        }
        Term fits = values.items()
                .collected(
                        output.items(),
                        fragment -> values.once(
                                fragment.value().apply(Form.TEXT),
                                text -> Fit.of(text, output.items().type(), element)
                                        .condition()));
        return Term.compare(Term.atom("false"), "=", Term.call("any", fits));
    }

    private static Value single(Items items, String name) {
        return items instanceof One(Value single) ? single : new Only(items, name);
    }

    /** What is written in the resource, or what the expression makes of it, as text. */
    private Term written(Value value, String sqlType) {
        return values.sql(Fit.dayBoundary(value, sqlType).map(Boundary::value).orElse(value), Form.TEXT);
    }

    private static Fit fit(Value value, Term text, String sqlType) {
        return Fit.dayBoundary(value, sqlType)
                .map(boundary -> Fit.ofDay(text, boundary))
                .orElseGet(() -> Fit.of(text, value.type(), sqlType));
    }

    private Term converted(Value value, String sqlType, String name) {
        Optional<Boundary> day = Fit.dayBoundary(value, sqlType);
        if (day.isPresent()) {
            // Only the day is wanted: the clock and the zone of a dateTime's boundary need not be worked out.
            return values.once(
                    values.sql(day.get().value(), Form.TEXT),
                    written -> BoundarySql.day(
                            written, day.get().value().type(), day.get().high()));
        }
        boolean stored = value instanceof Field || value instanceof Item;
        if (stored && sqlType.equals("integer") && value.type().kind().isNumber()) {
            return values.sql(value, Form.JSON).cast("integer");
        }
        return converted(values.sql(value, form(value.type(), sqlType)), value.type(), sqlType, name);
    }

    /** The form from which the SQL type is reached by one cast. */
    private static Form form(Type from, String sqlType) {
        return switch (sqlType) {
            case "boolean" -> Form.of(from) == Form.BOOLEAN ? Form.BOOLEAN : Form.TEXT;
            case "jsonb" -> Form.JSON;
            case "integer", "bigint", "smallint", "real", "double precision" ->
                Form.of(from) == Form.NUMBER ? Form.NUMBER : Form.TEXT;
            default -> sqlType.startsWith("numeric") && Form.of(from) == Form.NUMBER ? Form.NUMBER : Form.TEXT;
        };
    }

    private Term converted(Term term, Type from, String sqlType, String name) {
        if (form(from, sqlType).sqlType().equals(sqlType)) {
            return term;
        }
        if (sqlType.equals("bytea")) {
            return Term.call("decode", term, Term.text("base64"));
        }
        boolean moment = sqlType.startsWith("timestamp");
        boolean zoned = from.name().equals("instant") && sqlType.endsWith("with time zone");
        if (zoned || !(moment || sqlType.equals("date"))) {
            return term.cast(sqlType);
        }
        // A string is read like a date, too: cast as it is, 'today' would be another day tomorrow.
        Raised error = from.kind().isCalendar() ? Raised.partialDate(name) : Raised.noDate(name);
        Term raise = error.sql(sqlType, values.root());
        return values.once(
                term,
                text -> Term.template(
                        "case when length(%1$s) >= 10 then " + (moment ? moment(text, sqlType) : day(text, from))
                                + " when %1$s is not null then " + raise + " end",
                        text));
    }

    static Term day(Term text, Type from) {
        return (from.name().equals("date") ? text : Term.call("left", text, Term.atom("10"))).cast("date");
    }

    /** A moment without a zone is that of UTC, whatever the session's time zone is. */
    static Term moment(Term text, String sqlType) {
        return sqlType.endsWith("with time zone")
                ? TemporalSql.instant(text).cast(sqlType)
                : new Term(TemporalSql.instant(text) + " at time zone 'UTC'", Term.Strength.PRODUCT).cast(sqlType);
    }

    /** The column's value where its focus is missing: null, but a row index of 0. */
    Term missing(Output output) {
        return output.items() instanceof One(RowIndex _)
                ? Term.atom("0").cast(output.column().sqlType())
                : Term.nothing(output.column().sqlType());
    }

    /** Whether the column is null by itself when the focus is. */
    static boolean isStrict(Output output, Var focus) {
        return !output.column().collection() && isStrict(output.items(), focus);
    }

    static boolean isStrict(Items items, Var focus) {
        return switch (items) {
            case One(Value value) -> isStrict(value, focus);
            case Elements(Value object, String _, Type _) -> isStrict(object, focus);
            default -> false;
        };
    }

    private static boolean isStrict(Value value, Var focus) {
        return switch (value) {
            case Item(Var of) -> of.equals(focus);
            case Field(Value object, String _, Type _) -> isStrict(object, focus);
            case ReferenceKey(Value reference, Optional<String> _) -> isStrict(reference, focus);
            case Boundary(Value inner, boolean _, Optional<Integer> _) -> isStrict(inner, focus);
            case Pick(Elements(Value object, String _, Type _), Value _, boolean _) -> isStrict(object, focus);
            case Only(Elements(Value object, String _, Type _), String _) -> isStrict(object, focus);
            case Comparison(Value.Comparator _, Value left, Value right) ->
                isStrict(left, focus) || isStrict(right, focus);
            default -> false;
        };
    }
}
