package org.researchflow.rf.sql;

import java.util.List;
import org.researchflow.rf.plan.Scalar;
import org.researchflow.rf.sql.Term.Strength;

/** The functions of single values in SQL: each gives null when an argument is null. */
final class FunctionSql {

    private static final String DATE = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?";
    private static final String CLOCK = "[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?";
    private static final String DATE_TIME = DATE + "(T(" + CLOCK + "(Z|[+-][0-9]{2}:[0-9]{2})?)?)?";
    private static final String NUMBER = "[+-]?[0-9]+([.][0-9]+)?";
    private static final String QUANTITY =
            "(" + NUMBER + ")\\\\s*(''[^'']+''|(?:year|month|week|day|hour|minute|second|millisecond)s?)?";

    private final ValueSql values;

    private FunctionSql(ValueSql values) {
        this.values = values;
    }

    static Term sql(Scalar function, List<Term> arguments, ValueSql values) {
        return values.once(arguments, named -> new FunctionSql(values).written(function, named));
    }

    private Term written(Scalar function, List<Term> a) {
        Term x = a.getFirst();
        return switch (function) {
            case UPPER -> Term.call("upper", x);
            case LOWER -> Term.call("lower", x);
            case TRIM -> Term.template("btrim(%s, E' \\t\\n\\r\\f\\x0b')", x);
            case LENGTH -> Term.call("length", x);
            case STARTS_WITH -> Term.call("starts_with", a);
            case ENDS_WITH ->
                new Term(
                        Term.template("right(%1$s, length(%2$s)) = %2$s", x, a.get(1))
                                .text(),
                        Strength.COMPARISON);
            case CONTAINS -> Term.compare(Term.call("strpos", a), ">", Term.atom("0"));
            case INDEX_OF -> Term.binary(Term.call("strpos", a), "-", Term.atom("1"), Strength.SUM);
            case LAST_INDEX_OF -> lastIndexOf(x, a.get(1));
            case SUBSTRING_FROM -> substring(x, a.get(1), "");
            case SUBSTRING -> substring(x, a.get(1), ", least(greatest(%3$s, 0), 2147483647)::integer", a.get(2));
            case REPLACE -> replace(x, a.get(1), a.get(2));
            case MATCHES -> Term.compare(x, "~", a.get(1));
            case REPLACE_MATCHES -> Term.template("regexp_replace(%s, %s, %s, 'g')", x, a.get(1), a.get(2));
            case ABS -> Term.call("abs", x);
            case CEILING -> Term.call("ceiling", x.numeric());
            case FLOOR -> Term.call("floor", x.numeric());
            case TRUNCATE -> Term.call("trunc", x.numeric());
            case ROUND -> Term.template("round(%s, %s::integer)", x, a.get(1));
            case SQUARE_ROOT -> Term.template("case when %1$s >= 0 then trim_scale(sqrt(%1$s::numeric)) end", x);
            case EXPONENTIAL -> Term.template("trim_scale(exp(%s::numeric))", x);
            case NATURAL_LOGARITHM -> Term.template("case when %1$s > 0 then trim_scale(ln(%1$s::numeric)) end", x);
            case LOGARITHM ->
                Term.template(
                        "case when %1$s > 0 and %2$s > 0 and %2$s <> 1 then trim_scale(log(%2$s::numeric, %1$s::numeric)) end",
                        x, a.get(1));
            case POWER ->
                Term.template(
                        "case when %1$s > 0 or (%1$s = 0 and %2$s >= 0) or (%1$s < 0 and %2$s = trunc(%2$s))"
                                + " then trim_scale(power(%1$s::numeric, %2$s::numeric)) end",
                        x, a.get(1));
            case VALUE -> x;
            case TEXT -> x.cast("text");
            case QUANTITY_TEXT ->
                Term.operation(
                        "(%1$s->>'value') || coalesce(' ''' || coalesce(%1$s->>'code', %1$s->>'unit') || '''', '')", x);
            case TEXT_TO_BOOLEAN ->
                Term.template(
                        "case when lower(%1$s) in ('true', 't', 'yes', 'y', '1', '1.0') then true"
                                + " when lower(%1$s) in ('false', 'f', 'no', 'n', '0', '0.0') then false end",
                        x);
            case NUMBER_TO_BOOLEAN -> Term.template("case %s when 1 then true when 0 then false end", x);
            case TEXT_TO_INTEGER ->
                Term.template(
                        "case when %1$s ~ '^[+-]?[0-9]{1,10}$' and abs(%1$s::text::numeric) < 2147483648 then %1$s::text::numeric"
                                + " end",
                        x);
            case NUMBER_TO_INTEGER -> Term.template("case when %1$s = trunc(%1$s) then trunc(%1$s) end", x);
            case TEXT_TO_DECIMAL ->
                Term.template("case when %1$s ~ '^" + NUMBER + "$' then %1$s::text::numeric end", x);
            case BOOLEAN_TO_NUMBER -> Term.template("case %s when true then 1 when false then 0 end", x);
            case TEXT_TO_DATE ->
                Term.template(
                        "case when %1$s ~ '^" + DATE + "$' then %1$s when %1$s ~ '^" + DATE_TIME
                                + "$' then split_part(%1$s, 'T', 1) end",
                        x);
            case TEXT_TO_DATE_TIME -> Term.template("case when %1$s ~ '^" + DATE_TIME + "$' then %1$s end", x);
            case TEXT_TO_TIME -> Term.template("case when %1$s ~ '^T?" + CLOCK + "$' then ltrim(%1$s, 'T') end", x);
            case NUMBER_TO_QUANTITY -> Term.template("jsonb_build_object('value', %s, 'code', '1')", x);
            case TEXT_TO_QUANTITY -> quantity(x);
            case WITH_VALUE -> Term.template("jsonb_set(%s, '{value}', to_jsonb(%s))", x, a.get(1));
        };
    }

    private static Term lastIndexOf(Term text, Term part) {
        return Term.template(
                "case when strpos(%1$s, %2$s) = 0 then -1 else length(%1$s) - length(%2$s)"
                        + " - strpos(reverse(%1$s), reverse(%2$s)) + 1 end",
                text, part);
    }

    /** A start outside of the text gives nothing; a text has far fewer characters than an integer can count. */
    private static Term substring(Term text, Term start, String length, Term... more) {
        Term third = more.length == 0 ? Term.atom("0") : more[0];
        return Term.template(
                "case when %2$s >= 0 and %2$s < length(%1$s) then substr(%1$s, %2$s::integer + 1" + length + ") end",
                text,
                start,
                third);
    }

    /** PostgreSQL leaves a text alone when nothing is to be replaced; FHIRPath surrounds every character. */
    private static Term replace(Term text, Term pattern, Term by) {
        return Term.template(
                "case %2$s when '' then %3$s || coalesce(array_to_string(string_to_array(%1$s, null), %3$s) || %3$s, '')"
                        + " else replace(%1$s, %2$s, %3$s) end",
                text, pattern, by);
    }

    private Term quantity(Term text) {
        String matched = "regexp_match(" + text.in(Strength.ATOM) + ", E'^" + QUANTITY + "$')";
        return values.once(
                Term.atom(Layout.nested("select " + matched)),
                match -> Term.template(
                        "case when %1$s is not null then jsonb_build_object('value', (%1$s)[1]::numeric, 'code',"
                                + " coalesce(case rtrim((%1$s)[3], 's') when 'year' then 'year' when 'month' then 'month'"
                                + " when 'week' then 'wk' when 'day' then 'd' when 'hour' then 'h' when 'minute' then 'min'"
                                + " when 'second' then 's' when 'millisecond' then 'ms'"
                                + " else btrim((%1$s)[3], '''') end, '1')) end",
                        match));
    }
}
