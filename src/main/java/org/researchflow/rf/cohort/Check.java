package org.researchflow.rf.cohort;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.researchflow.rf.cohort.Finding.OfValue;
import org.researchflow.rf.sql.Sql;

/**
 * Something that would make an answer silently wrong, looked for in the data: each gives an array of texts, empty when
 * all is well.
 */
sealed interface Check {

    /** Finds the array. */
    Sql sql(Sources sources);

    /** What to tell of what was found, which is not nothing. */
    String warning(List<String> found);

    /** All that should be looked for. */
    static List<Check> of(Criterion criterion) {
        List<Check> checks = new ArrayList<>();
        collect(criterion, checks);
        return checks.stream().distinct().toList();
    }

    private static void collect(Criterion criterion, List<Check> checks) {
        switch (criterion) {
            case Group(Group.Kind _, List<Criterion> members) -> members.forEach(member -> collect(member, checks));
            case Event event -> collect(event, checks);
            case Gender _, Age _, BirthDate _, Deceased _ -> {}
        }
    }

    private static void collect(Event event, List<Check> checks) {
        EventType type = event.type();
        if (!event.codes().isEmpty()) {
            List<Finding> codes =
                    event.codes().stream().<Finding>map(Finding.OfCode::new).toList();
            checks.add(new Carried(new Event(type, codes, Occurrence.ANY)));
            if (type.parts().isPresent()) {
                checks.add(new Unseen(new Event(type, codes, Occurrence.ANY)));
            }
        }
        event.terms()
                .forEach(term ->
                        checks.add(new Said(new Event(type, List.of(new Finding.OfText(term)), Occurrence.ANY), term)));
        for (OfValue value : event.values()) {
            switch (value.value().orElse(null)) {
                case ValueTest.Within(Interval _, Optional<String> unit) -> checks.add(new Units(value, unit));
                case ValueTest.NumberOrCode _, ValueTest.Coded _ -> {}
                case null -> {}
            }
        }
        type.referred().ifPresent(referred -> checks.add(new ByReference(type, referred)));
    }

    /** The rows in which an event's codes and words are looked for. */
    private static List<CodedRows> places(Event event, Sources sources) {
        return EventSql.everywhere(event, sources).stream().map(EventSql::coded).toList();
    }

    /** Whether none of the places has a row for which the condition holds. */
    private static Sql nowhere(List<CodedRows> places, Function<CodedRows, Sql> condition) {
        return Clauses.and(places.stream()
                .map(place -> Clauses.format("""
                        (
                            select true
                            from %s
                            where %s
                            limit 1
                        ) is null""", Clauses.of(place.from()), condition.apply(place)))
                .toList());
    }

    private static Event withCode(OfValue value) {
        return new Event(EventType.OBSERVATION, List.of(value), Occurrence.ANY);
    }

    /**
     * Codes that no row carries: whoever asked for them may have mistyped. Each is looked up by itself, and not with a
     * join, for which PostgreSQL would read all rows of a view with changes.
     */
    record Carried(Event event) implements Check {

        private static final int SHOWN = 5;

        @Override
        public Sql sql(Sources sources) {
            List<CodedRows> places = places(event, sources);
            List<Sql> missing = new ArrayList<>();
            CodedRows.bySystem(event.codes())
                    .forEach((system, codes) -> missing.add(Clauses.format(
                            """
                    select %s || q.code
                    from unnest(%s) as q(code)
                    where %s""",
                            Clauses.of(
                                    "cast(? as text)",
                                    system.map(name -> name + "|").orElse("")),
                            Clauses.of("cast(? as text[])", (Object) codes.toArray(String[]::new)),
                            nowhere(
                                    places,
                                    place -> place.carries(system, column -> Clauses.of(column + " = q.code"))))));
            for (Code code : CodedRows.reaching(event.codes())) {
                missing.add(Clauses.format(
                        "select %s\nwhere %s",
                        Clauses.of("cast(? as text)", code.toString()),
                        nowhere(places, place -> place.carries(List.of(code)))));
            }
            return Clauses.format("array(\n    %s\n)", Clauses.joined(missing, "\nunion all\n"));
        }

        @Override
        public String warning(List<String> found) {
            String what = "no "
                    + (event.type() == EventType.OBSERVATION
                            ? "observation"
                            : event.type().word()) + " carries ";
            if (found.size() == 1) {
                return what + (found.getFirst().startsWith("<") ? "one of " : "code ") + named(found.getFirst());
            }
            List<String> asked = event.codes().stream().map(Code::toString).toList();
            String shown = found.stream()
                    .sorted(Comparator.comparingInt(asked::indexOf))
                    .limit(SHOWN)
                    .map(Carried::named)
                    .collect(Collectors.joining(", "));
            return what + found.size() + " of the " + event.codes().size() + " codes: " + shown
                    + (found.size() > SHOWN ? ", …" : "");
        }

        private static String named(String code) {
            // What is in a hierarchy is no mistake.
            if (code.startsWith("<")) {
                return code;
            }
            return code
                    + new Code(system(code), code.substring(code.lastIndexOf('|') + 1))
                            .doubt()
                            .map(why -> " (" + why + ")")
                            .orElse("");
        }

        private static Optional<String> system(String code) {
            int bar = code.lastIndexOf('|');
            return bar < 0 ? Optional.empty() : Optional.of(code.substring(0, bar));
        }
    }

    /** A text that stands nowhere. */
    record Said(Event event, Term term) implements Check {
        @Override
        public Sql sql(Sources sources) {
            return Clauses.format(
                    "array(\n    select '-'\n    where %s\n)",
                    nowhere(places(event, sources), place -> place.says(term)));
        }

        @Override
        public String warning(List<String> found) {
            return "no " + event.type().word() + " has the text " + term;
        }
    }

    /** A unit that no value has, or several units where none was named. */
    record Units(OfValue value, Optional<String> unit) implements Check {
        @Override
        public Sql sql(Sources sources) {
            List<EventSql> places = EventSql.everywhere(withCode(value), sources);
            Sql units = Clauses.joined(places.stream().map(this::units).toList(), "\nunion\n");
            if (unit.isEmpty()) {
                return Clauses.format("array(\n    %s\n    order by 1\n    limit 6\n)", units);
            }
            return Clauses.format(
                    """
                    array(
                        select *
                        from (
                            %s
                        ) as units
                        where %s
                        order by 1
                        limit 6
                    )""",
                    units,
                    Clauses.and(places.stream()
                            .map(place -> isNot(place, unit.get()))
                            .toList()));
        }

        private Sql units(EventSql row) {
            ValueSql values = new ValueSql(row);
            return Clauses.format(
                    "select distinct %s\nfrom %s\nwhere %s\n  and %s",
                    Clauses.of(values.unit()),
                    Clauses.of(row.from()),
                    row.coded().carries(List.of(value.code())),
                    values.isNumber());
        }

        private Sql isNot(EventSql row, String wanted) {
            return Clauses.format(
                    """
                    not exists (
                        select
                        from %s
                        where %s
                          and %s
                    )""",
                    Clauses.of(row.from()), row.coded().carries(List.of(value.code())), new ValueSql(row).isIn(wanted));
        }

        @Override
        public String warning(List<String> found) {
            return unit.map(wanted -> "no value of " + value.code() + " is in " + wanted + "; there are values in "
                            + String.join(", ", found))
                    .orElse("values of " + value.code() + " are in several units, and the limit is compared with all of"
                            + " them: name one of " + String.join(", ", found));
        }
    }

    /** Codes that no observation carries where their components, which may, are in no view. */
    record Unseen(Event event) implements Check {
        @Override
        public Sql sql(Sources sources) {
            List<CodedRows> places = places(event, sources);
            return places.size() > 1
                    ? Clauses.of("cast('{}' as text[])")
                    : Clauses.format(
                            "array(\n    select '-'\n    where %s\n)",
                            nowhere(places, place -> place.carries(event.codes())));
        }

        @Override
        public String warning(List<String> found) {
            return "components of observations, such as the two of a blood pressure, never count before"
                    + "  rf views create observation_components";
        }
    }

    /** Events that say what they are about by a reference that leads to no row of a view: their number, and why. */
    record ByReference(EventType type, Referred referred) implements Check {
        @Override
        public Sql sql(Sources sources) {
            Optional<CodedRows> there = referred.rows(sources);
            Optional<ViewShape> lookedUp = there.flatMap(_ -> sources.fitting(
                            type.resourceType(), List.of(referred.key(), referred.reference(), EventSql.KEY))
                    .findFirst());
            if (there.isPresent() && lookedUp.isPresent()) {
                CodedRows row = row(lookedUp.get(), sources);
                return count(
                        row,
                        there.get().view().name() + " does not have: they never count",
                        Clauses.format(
                                """
                                not exists (
                                    select
                                    from %s
                                    where %s
                                )""", Clauses.of(there.get().from()), Clauses.of(referred.leads(row, there.get()))));
            }
            return sources.fitting(type.resourceType(), List.of(referred.reference(), EventSql.KEY))
                    .findFirst()
                    .map(view -> count(
                            row(view, sources),
                            there.isPresent()
                                    ? "is not looked up, because " + view.name() + " has no column for "
                                            + referred.key() + ": they never count"
                                    : "no stored view of " + referred.resourceType()
                                            + " has: they never count before  rf views create medication_simple",
                            Sql.of("true")))
                    .orElse(Clauses.of("cast('{}' as text[])"));
        }

        private CodedRows row(ViewShape view, Sources sources) {
            return new CodedRows(view, "c", type.coding(), sources);
        }

        private Sql count(CodedRows row, String why, Sql condition) {
            return Clauses.format(
                    """
                    coalesce((
                        select array[cast(count(distinct %s) as text), cast(%s as text)]
                        from %s
                        where %s is not null
                          and %s
                        having count(*) > 0
                    ), '{}')""",
                    Clauses.of(row.column(EventSql.KEY)),
                    Clauses.of("?", why),
                    Clauses.of(row.from()),
                    Clauses.of(row.column(referred.reference())),
                    condition);
        }

        @Override
        public String warning(List<String> found) {
            return found.getFirst() + " " + type.word() + " requests refer to a " + type.word() + " that "
                    + found.getLast();
        }
    }

    /** Whether what was found is worth a warning. */
    default boolean isTold(List<String> found) {
        return switch (this) {
            case Units(OfValue _, Optional<String> unit) when unit.isEmpty() -> found.size() > 1;
            case Carried _, Said _, Unseen _, Units _, ByReference _ -> !found.isEmpty();
        };
    }
}
