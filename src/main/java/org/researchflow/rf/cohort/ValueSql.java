package org.researchflow.rf.cohort;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.cohort.ValueTest.Coded;
import org.researchflow.rf.cohort.ValueTest.NumberOrCode;
import org.researchflow.rf.cohort.ValueTest.Within;
import org.researchflow.rf.sql.Sql;

/** What is asked of a measured value, as a condition on the columns of a view of observations. */
record ValueSql(EventSql row) {

    static final Need NUMBER = Need.of("valueQuantity.value");
    static final Need UNIT = Need.of("valueQuantity.unit");
    static final Need UNIT_CODE = Need.of("valueQuantity.code");
    private static final Need COMPARATOR = Need.of("valueQuantity.comparator");
    private static final String CODED = "valueCodeableConcept.coding.";
    private static final Need CODE = Need.of(CODED + "code.first()", "valueCodeableConcept.coding.first().code");
    private static final Need SYSTEM = Need.of(CODED + "system.first()", "valueCodeableConcept.coding.first().system");
    private static final List<Need> WORDS = List.of(
            Need.of(CODED + "display.first()", "valueCodeableConcept.coding.first().display"),
            Need.of("valueCodeableConcept.text"),
            Need.of("valueString"));

    /** What a view must have for it. */
    static List<Need> needs(ValueTest test) {
        List<Need> needs = new ArrayList<>();
        switch (test) {
            case Within _ -> needs.addAll(List.of(NUMBER, COMPARATOR, UNIT, UNIT_CODE));
            case Coded(Code value) -> needs.addAll(coded(value));
            case NumberOrCode(Interval _, Code value) -> {
                needs.addAll(List.of(NUMBER, COMPARATOR, UNIT, UNIT_CODE));
                needs.addAll(coded(value));
            }
        }
        return needs;
    }

    private static List<Need> coded(Code value) {
        List<Need> needs = new ArrayList<>(List.of(CODE));
        if (value.system().isPresent()) {
            needs.add(SYSTEM);
        } else {
            needs.addAll(WORDS);
        }
        return needs;
    }

    Sql passes(ValueTest test, Certainty certainty) {
        return switch (test) {
            case Within(Interval interval, Optional<String> unit) -> {
                List<Sql> conditions = new ArrayList<>(isWithin(interval, certainty));
                unit.ifPresent(name -> conditions.add(isIn(name)));
                yield Clauses.joined(conditions, " and ");
            }
            case Coded(Code value) -> is(value);
            case NumberOrCode(Interval interval, Code value) ->
                Clauses.or(List.of(Clauses.joined(isWithin(interval, certainty), " and "), is(value)));
        };
    }

    /** Whether the value is in that unit, as written or as coded. */
    Sql isIn(String unit) {
        return Clauses.of("(" + row.column(UNIT) + " = ? or " + row.column(UNIT_CODE) + " = ?)", unit, unit);
    }

    private List<Sql> isWithin(Interval interval, Certainty certainty) {
        List<Sql> ends = new ArrayList<>();
        interval.low().ifPresent(low -> ends.add(reaches(low, ">", interval.lowIncluded(), certainty)));
        interval.high().ifPresent(high -> ends.add(reaches(high, "<", interval.highIncluded(), certainty)));
        return ends;
    }

    /**
     * Whether the value lies on the right side of an end. A value with a comparator means a range of numbers: certainly
     * only if all of it does, possibly if some of it does.
     */
    private Sql reaches(BigDecimal end, String side, boolean included, Certainty certainty) {
        String other = side.equals(">") ? "<" : ">";
        String strict = number() + " " + side + " ?";
        String loose = number() + " " + side + "= ?";
        String exact = included ? loose : strict;
        String text = switch (certainty) {
            case CERTAIN ->
                "case coalesce(%s, '=') when '=' then %s when '%s' then %s when '%s=' then %s else false end"
                        .formatted(row.column(COMPARATOR), exact, side, loose, side, exact);
            case POSSIBLE ->
                "case coalesce(%s, '=') when '=' then %s when '%s' then %s when '%s=' then %s else %s is not null end"
                        .formatted(row.column(COMPARATOR), exact, other, strict, other, exact, number());
        };
        return Clauses.of(text, end, end, end);
    }

    /** Decimals may be stored as text, for their digits. */
    private String number() {
        Need numeric = NUMBER.as("numeric");
        return numeric.in(row.view()).isPresent() ? row.column(numeric) : "cast(" + row.column(NUMBER) + " as numeric)";
    }

    private Sql is(Code value) {
        if (value.system().isPresent()) {
            return Clauses.of(
                    "(" + row.column(SYSTEM) + " = ? and " + row.column(CODE) + " = ?)",
                    value.system().get(),
                    value.code());
        }
        List<Sql> ways = new ArrayList<>(List.of(Clauses.of(row.column(CODE) + " = ?", value.code())));
        WORDS.forEach(words -> ways.add(Clauses.of("lower(" + row.column(words) + ") = lower(?)", value.code())));
        return Clauses.or(ways);
    }
}
