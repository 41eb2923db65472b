package org.researchflow.rf.cohort;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.researchflow.rf.cohort.ValueTest.Coded;
import org.researchflow.rf.cohort.ValueTest.NumberOrCode;
import org.researchflow.rf.cohort.ValueTest.Within;
import org.researchflow.rf.sql.Sql;

/** What is asked of a measured value, as a condition on the columns of a view of observations. */
record ValueSql(EventSql row) {

    private static final String CODED = "valueCodeableConcept.coding.";
    private static final List<Part> QUANTITY = List.of(Part.NUMBER, Part.COMPARATOR, Part.UNIT, Part.UNIT_CODE);
    private static final List<Part> WORDS = List.of(Part.DISPLAY, Part.TEXT, Part.STRING);

    private enum Part {
        NUMBER("valueQuantity.value"),
        UNIT("valueQuantity.unit"),
        UNIT_CODE("valueQuantity.code"),
        COMPARATOR("valueQuantity.comparator"),
        CODE(CODED + "code.first()", "valueCodeableConcept.coding.first().code"),
        SYSTEM(CODED + "system.first()", "valueCodeableConcept.coding.first().system"),
        DISPLAY(CODED + "display.first()", "valueCodeableConcept.coding.first().display"),
        TEXT("valueCodeableConcept.text"),
        STRING("valueString");

        @SuppressWarnings("ImmutableEnumChecker") // List.of never changes; its type does not say so.
        private final List<String> paths;

        Part(String... paths) {
            this.paths = List.of(paths);
        }

        Need of(Coding coding) {
            return coding.value(paths.toArray(String[]::new));
        }
    }

    /** All that a question can ask of a value. */
    static List<Need> all(Coding coding) {
        return Stream.of(Part.values()).map(part -> part.of(coding)).toList();
    }

    /** What a view must have for it. */
    static List<Need> needs(ValueTest test, Coding coding) {
        List<Part> parts = new ArrayList<>();
        switch (test) {
            case Within _ -> parts.addAll(QUANTITY);
            case Coded(Code value) -> parts.addAll(coded(value));
            case NumberOrCode(Interval _, Code value) -> {
                parts.addAll(QUANTITY);
                parts.addAll(coded(value));
            }
        }
        return parts.stream().map(part -> part.of(coding)).toList();
    }

    private static List<Part> coded(Code value) {
        List<Part> parts = new ArrayList<>(List.of(Part.CODE));
        if (value.system().isPresent()) {
            parts.add(Part.SYSTEM);
        } else {
            parts.addAll(WORDS);
        }
        return parts;
    }

    private String column(Part part) {
        return row.column(part.of(row.coded().coding()));
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

    /** The unit, as written or as coded. */
    String unit() {
        return "coalesce(" + column(Part.UNIT) + ", " + column(Part.UNIT_CODE) + ", 'no unit')";
    }

    /** Whether there is a number. */
    Sql isNumber() {
        return Clauses.of(column(Part.NUMBER) + " is not null");
    }

    /** Whether the value is in that unit, as written or as coded. */
    Sql isIn(String unit) {
        return Clauses.of("(" + column(Part.UNIT) + " = ? or " + column(Part.UNIT_CODE) + " = ?)", unit, unit);
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
                        .formatted(column(Part.COMPARATOR), exact, side, loose, side, exact);
            case POSSIBLE ->
                "case coalesce(%s, '=') when '=' then %s when '%s' then %s when '%s=' then %s else %s is not null end"
                        .formatted(column(Part.COMPARATOR), exact, other, strict, other, exact, number());
        };
        return Clauses.of(text, end, end, end);
    }

    /** Decimals may be stored as text, for their digits. */
    private String number() {
        Need numeric = Part.NUMBER.of(row.coded().coding()).as("numeric");
        return numeric.in(row.view()).isPresent()
                ? row.column(numeric)
                : "cast(" + column(Part.NUMBER) + " as numeric)";
    }

    private Sql is(Code value) {
        if (value.system().isPresent()) {
            return Clauses.of(
                    "(" + column(Part.SYSTEM) + " = ? and " + column(Part.CODE) + " = ?)",
                    value.system().get(),
                    value.code());
        }
        List<Sql> ways = new ArrayList<>(List.of(Clauses.of(column(Part.CODE) + " = ?", value.code())));
        WORDS.forEach(words -> ways.add(Clauses.of("lower(" + column(words) + ") = lower(?)", value.code())));
        return Clauses.or(ways);
    }
}
