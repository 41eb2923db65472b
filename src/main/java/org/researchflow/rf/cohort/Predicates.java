package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.researchflow.rf.sql.Sql;

/** Criteria as conditions on a row of a view of patients, called {@code p}. */
final class Predicates {

    static final Need GENDER = Need.of("gender");
    static final Need BORN_LOW = Need.of("birthDate.lowBoundary()").as("date");
    static final Need BORN_HIGH = Need.of("birthDate.highBoundary()").as("date");
    private static final Need DECEASED = Need.of(
                    "deceasedBoolean = true or Patient.deceasedDateTime.exists()",
                    "deceasedDateTime.exists() or Patient.deceasedBoolean = true")
            .as("boolean");

    private final Sources sources;
    private final ViewShape patients;

    /**
     * Over the patients that a criterion is asked of.
     *
     * @param also what else is asked of them
     */
    Predicates(Sources sources, Criterion root, List<Need> also) {
        this.sources = sources;
        this.patients = patients(root, also);
    }

    /** The first view with all that is asked of patients themselves; else the first, and the rest is looked up elsewhere. */
    private ViewShape patients(Criterion root, List<Need> also) {
        List<Need> needs = new ArrayList<>(List.of(EventSql.KEY.all()));
        needs.addAll(also);
        collect(root, needs);
        return sources.fitting("Patient", needs)
                .findFirst()
                .orElseGet(() -> sources.view("Patient", List.of(EventSql.KEY.all()), root.inWords()));
    }

    private static void collect(Criterion criterion, List<Need> needs) {
        if (criterion instanceof Group(Group.Kind _, List<Criterion> members)) {
            members.forEach(member -> collect(member, needs));
        } else {
            needs.addAll(needs(criterion));
        }
    }

    private static List<Need> needs(Criterion criterion) {
        return switch (criterion) {
            case Gender _ -> List.of(GENDER);
            case Age _, BirthDate _ -> List.of(BORN_LOW, BORN_HIGH);
            case Deceased _ -> List.of(DECEASED);
            case Event _, Group _ -> List.of();
        };
    }

    /** The patient's key as SQL. */
    String key() {
        return sources.joined(patients, "p", EventSql.KEY.all());
    }

    /** What a view says of the patient, as SQL. */
    String value(Need need) {
        if (need.in(patients).isPresent()) {
            return sources.column(patients, "p", need);
        }
        ViewShape other = sources.view("Patient", List.of(need, EventSql.KEY.all()), need.toString());
        return "(select " + sources.column(other, "q", need) + " from " + identifier(other.name()) + " as q where "
                + sources.column(other, "q", EventSql.KEY.all()) + " = " + key() + " limit 1)";
    }

    /** What says who is there at all. */
    List<Source> everybody() {
        sources.column(patients, "p", EventSql.KEY.all());
        return sources.newlyRead();
    }

    /** What the rows are counted by: the rows themselves where each is a patient. */
    String counted() {
        String key = key();
        return patients.hasOneRowEach() ? "*" : "distinct " + key;
    }

    String from() {
        return identifier(patients.name()) + " as p";
    }

    Sql of(Criterion criterion, Certainty certainty) {
        return switch (criterion) {
            case Group group -> group(group, certainty);
            case Gender gender -> ofPatient(gender, column -> Clauses.oneOf(column.apply(GENDER), gender.genders()));
            case Age age ->
                born(
                        age,
                        age.ranges().stream()
                                .map(years -> years.births(age.at()))
                                .toList(),
                        certainty);
            case BirthDate birth -> born(birth, birth.ranges(), certainty);
            case Deceased deceased ->
                ofPatient(
                        deceased,
                        column -> Clauses.of(column.apply(DECEASED) + (deceased.died() ? " is true" : " is not true")));
            case Event event -> happened(event, certainty);
        };
    }

    /** The condition at the top, which needs no brackets around it. */
    Sql whole(Group root, Certainty certainty) {
        return root.kind() == Group.Kind.ALL ? Clauses.and(each(root, certainty)) : of(root, certainty);
    }

    private Sql group(Group group, Certainty certainty) {
        return switch (group.kind()) {
            case ALL -> {
                Sql all = Clauses.and(each(group, certainty));
                yield group.members().size() > 1 ? Clauses.bracketed(all) : all;
            }
            case ANY -> Clauses.or(each(group, certainty));
            case NONE ->
                Clauses.and(each(group, certainty.negated()).stream()
                        .map(Clauses::not)
                        .toList());
        };
    }

    private List<Sql> each(Group group, Certainty certainty) {
        return group.members().stream().map(member -> of(member, certainty)).toList();
    }

    /** A condition on the patient's own row, or on one in another view where this one lacks the columns. */
    private Sql ofPatient(Criterion criterion, Function<Function<Need, String>, Sql> condition) {
        List<Need> needs = needs(criterion);
        if (needs.stream().allMatch(need -> need.in(patients).isPresent())) {
            return condition.apply(need -> sources.column(patients, "p", need));
        }
        List<Need> elsewhere = new ArrayList<>(needs);
        elsewhere.add(EventSql.KEY.all());
        ViewShape other = sources.view("Patient", elsewhere, criterion.inWords());
        return Clauses.format(
                """
                exists (
                    select
                    from %s
                    where %s
                      and %s
                )""",
                Clauses.of(identifier(other.name()) + " as q"),
                Clauses.of(sources.column(other, "q", EventSql.KEY.all()) + " = " + key()),
                condition.apply(need -> sources.column(other, "q", need)));
    }

    /** Whether the birth date lies in one of the ranges: all days that it can mean, or one of them. */
    private Sql born(Criterion criterion, List<DateRange> ranges, Certainty certainty) {
        return ofPatient(
                criterion,
                column -> Clauses.or(ranges.stream()
                        .map(range -> in(range, column.apply(BORN_LOW), column.apply(BORN_HIGH), certainty))
                        .toList()));
    }

    private static Sql in(DateRange range, String low, String high, Certainty certainty) {
        List<Sql> conditions = new ArrayList<>();
        Optional<String> unknown = certainty == Certainty.POSSIBLE ? Optional.of(low + " is null") : Optional.empty();
        String first = certainty == Certainty.CERTAIN ? low : high;
        String last = certainty == Certainty.CERTAIN ? high : low;
        range.from().ifPresent(day -> conditions.add(Clauses.of(first + " >= ?", day)));
        range.to().ifPresent(day -> conditions.add(Clauses.of(last + " <= ?", day)));
        Sql within = Clauses.joined(conditions, " and ");
        return unknown.map(nothing -> Clauses.or(List.of(Clauses.bracketed(within), Clauses.of(nothing))))
                .orElse(conditions.size() > 1 ? Clauses.bracketed(within) : within);
    }

    private Sql happened(Event event, Certainty certainty) {
        List<EventSql> places = EventSql.everywhere(event, sources);
        if (event.occurrence().atLeast() > 1) {
            return happenedOften(event, places, certainty);
        }
        return places.size() == 1
                ? happenedIn(places.getFirst(), certainty)
                : Clauses.format(
                        """
                        exists (
                            select
                            from (
                                %s
                            ) as e
                            where e.patient = %s
                        )""", union(places, certainty, row -> row.patient() + " as patient"), Clauses.of(key()));
    }

    private Sql happenedIn(EventSql row, Certainty certainty) {
        return Clauses.format(
                """
                exists (
                    select
                    from %s
                    where %s
                      and %s
                )""", Clauses.of(row.from()), Clauses.of(row.patient() + " = " + key()), row.meets(certainty));
    }

    private Sql happenedOften(Event event, List<EventSql> places, Certainty certainty) {
        return Clauses.format(
                """
                %s in (
                    select e.patient
                    from (
                        %s
                    ) as e
                    group by e.patient
                    having count(distinct e.key) >= %s
                )""",
                Clauses.of(key()),
                union(places, certainty, row -> row.patient() + " as patient, " + row.key() + " as key"),
                new Sql("?", List.of(event.occurrence().atLeast())));
    }

    private static Sql union(List<EventSql> places, Certainty certainty, Function<EventSql, String> columns) {
        return Clauses.joined(
                places.stream()
                        .map(row -> Clauses.format(
                                "select %s\nfrom %s\nwhere %s\n  and %s",
                                Clauses.of(columns.apply(row)),
                                Clauses.of(row.from()),
                                Clauses.of(row.patient() + " is not null"),
                                row.meets(certainty)))
                        .toList(),
                "\nunion all\n");
    }

    /** Whether partial values may leave it open if a patient meets the criterion. */
    static boolean canBeOpen(Criterion criterion) {
        return switch (criterion) {
            case Group(Group.Kind _, List<Criterion> members) ->
                members.stream().anyMatch(Predicates::canBeOpen);
            case Age _, BirthDate _ -> true;
            case Gender _, Deceased _ -> false;
            case Event event ->
                event.occurrence().isDated()
                        || event.values().stream()
                                .flatMap(value -> value.value().stream())
                                .anyMatch(test -> !(test instanceof ValueTest.Coded));
        };
    }
}
