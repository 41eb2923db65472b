package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;
import static org.researchflow.rf.sql.Identifiers.literal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.researchflow.rf.cohort.EventType.Status;
import org.researchflow.rf.cohort.Finding.OfValue;
import org.researchflow.rf.sql.Sql;

/** What tells the rows of one view that an event means, called {@code c}, as conditions on its columns. */
final class EventSql {

    static final Need PATIENT = Need.of("subject.getReferenceKey(Patient)");
    static final Need KEY = Need.of("getResourceKey()");

    /** The system of an encounter's class, which is not a column but fixed by FHIR. */
    private static final String CLASS_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private final Event event;
    private final Sources sources;
    private final ViewShape view;

    EventSql(Event event, Sources sources) {
        this.event = event;
        this.sources = sources;
        this.view = sources.view(event.type().resourceType(), needs(event), event.inWords());
    }

    /** What a view must have to answer for the event. */
    static List<Need> needs(Event event) {
        EventType type = event.type();
        List<Need> needs = new ArrayList<>(List.of(PATIENT));
        if (!event.codes().isEmpty()) {
            type.codes().forEach(code -> needs.add(code.all()));
            if (event.codes().stream().anyMatch(code -> code.system().isPresent())) {
                needs.add(type.system());
            }
        }
        if (!event.terms().isEmpty()) {
            type.words().forEach(words -> needs.add(words.all()));
        }
        for (OfValue value : event.values()) {
            value.value().ifPresent(test -> needs.addAll(ValueSql.needs(test)));
        }
        for (Status status : asked(event)) {
            needs.add(status.need());
        }
        if (event.occurrence().isDated()) {
            needs.add(day(type, "low"));
            needs.add(day(type, "high"));
        }
        if (event.occurrence().atLeast() > 1) {
            needs.add(KEY);
        }
        return needs.stream().distinct().toList();
    }

    /** The statuses that matter: those asked for, and the one that tells what was entered in error. */
    private static List<Status> asked(Event event) {
        List<String> statuses = event.occurrence().statuses();
        return event.type().statuses().stream()
                .filter(status -> status.codes().contains(Status.ENTERED_IN_ERROR)
                        || statuses.stream().anyMatch(status.codes()::contains))
                .toList();
    }

    /** Any of the elements that say an event's day. */
    static Need day(EventType type, String bound) {
        return Need.of(type.days().stream()
                        .map(element -> element + "." + bound + "Boundary()")
                        .toArray(String[]::new))
                .as("date");
    }

    /** The name of the view as SQL. */
    String from() {
        return identifier(view.name()) + " as c";
    }

    String patient() {
        return sources.joined(view, "c", PATIENT);
    }

    String key() {
        return column(KEY);
    }

    ViewShape view() {
        return view;
    }

    String column(Need need) {
        return sources.column(view, "c", need);
    }

    /** Whether the row is such an event. */
    Sql meets(Certainty certainty) {
        List<Sql> conditions = new ArrayList<>();
        conditions.add(isFound(certainty));
        statuses(conditions);
        if (event.occurrence().isDated()) {
            conditions.add(isInTime(certainty));
        }
        return Clauses.and(conditions);
    }

    private Sql isFound(Certainty certainty) {
        List<Sql> ways = new ArrayList<>();
        List<Code> codes = new ArrayList<>();
        for (Finding finding : event.findings()) {
            switch (finding) {
                case Finding.OfCode(Code code) -> codes.add(code);
                case Finding.OfText(Term term) -> ways.add(says(term));
                case OfValue(Code code, Optional<ValueTest> value)
                when value.isPresent() ->
                    ways.add(Clauses.bracketed(Clauses.joined(
                            List.of(carries(List.of(code)), new ValueSql(this).passes(value.get(), certainty)),
                            " and ")));
                case OfValue(Code code, Optional<ValueTest> _) -> codes.add(code);
            }
        }
        if (!codes.isEmpty()) {
            ways.addFirst(carries(codes));
        }
        return Clauses.or(ways);
    }

    /** Whether the row has one of the codes. */
    Sql carries(List<Code> codes) {
        List<Sql> ways = new ArrayList<>();
        bySystem(codes)
                .forEach((system, ofSystem) -> ways.add(carries(system, column -> Clauses.oneOf(column, ofSystem))));
        for (Code code : reaching(codes)) {
            Hierarchy hierarchy = sources.below(code);
            ways.add(carries(code.system(), column -> DescendantSql.contain(column, code, hierarchy)));
        }
        return Clauses.or(ways);
    }

    /** Those by which codes below them are meant. */
    static List<Code> reaching(List<Code> codes) {
        return codes.stream().filter(code -> code.reach() != Reach.ITSELF).toList();
    }

    /** Whether one of the row's codes, in that system if one is named, passes the test. */
    Sql carries(Optional<String> system, Function<String, Sql> test) {
        List<Need> columns = event.type().codes();
        if (system.isEmpty()) {
            return Clauses.or(
                    columns.stream().map(code -> test.apply(column(code.all()))).toList());
        }
        List<Sql> ways = new ArrayList<>();
        ways.add(Clauses.bracketed(Clauses.joined(
                List.of(
                        Clauses.of(column(event.type().system()) + " = ?", system.get()),
                        test.apply(column(columns.getLast().all()))),
                " and ")));
        if (columns.size() > 1 && system.get().equals(CLASS_SYSTEM)) {
            ways.add(test.apply(column(columns.getFirst().all())));
        }
        return Clauses.or(ways);
    }

    /** The codes of each system, and those whose system is left open; without those that stand for others. */
    static Map<Optional<String>, Set<String>> bySystem(List<Code> codes) {
        Map<Optional<String>, Set<String>> bySystem = new LinkedHashMap<>();
        for (Code code : codes) {
            if (code.reach() != Reach.ITSELF) {
                continue;
            }
            bySystem.computeIfAbsent(code.system(), _ -> new LinkedHashSet<>()).add(code.code());
        }
        return bySystem;
    }

    /** Whether one of the row's texts has all words of the term. */
    Sql says(Term term) {
        return Clauses.or(event.type().words().stream()
                .map(words -> says(column(words.all()), term.patterns()))
                .toList());
    }

    /** Word by word: an index of trigrams finds a text by one pattern, and not by an array of them. */
    private static Sql says(String column, List<String> patterns) {
        Sql all = Clauses.joined(
                patterns.stream()
                        .map(pattern -> Clauses.of(column + " ~* ?", pattern))
                        .toList(),
                " and ");
        return patterns.size() == 1 ? all : Clauses.bracketed(all);
    }

    private void statuses(List<Sql> conditions) {
        List<String> statuses = event.occurrence().statuses();
        for (Status status : asked(event)) {
            List<String> wanted =
                    statuses.stream().filter(status.codes()::contains).toList();
            conditions.add(
                    wanted.isEmpty()
                            ? Clauses.of(
                                    column(status.need()) + " is distinct from " + literal(Status.ENTERED_IN_ERROR))
                            : Clauses.oneOf(column(status.need()), wanted));
        }
    }

    /** Whether the event's day lies in time: all days that it can mean, or one of them. */
    private Sql isInTime(Certainty certainty) {
        String low = bound(event.type(), "low", view, sources);
        String high = bound(event.type(), "high", view, sources);
        List<Sql> conditions = new ArrayList<>();
        switch (certainty) {
            case CERTAIN -> {
                event.occurrence().since().ifPresent(day -> conditions.add(Clauses.of(low + " >= ?", day)));
                event.occurrence().until().ifPresent(day -> conditions.add(Clauses.of(high + " <= ?", day)));
            }
            case POSSIBLE -> {
                event.occurrence()
                        .since()
                        .ifPresent(
                                day -> conditions.add(Clauses.of("(" + high + " >= ? or " + high + " is null)", day)));
                event.occurrence()
                        .until()
                        .ifPresent(day -> conditions.add(Clauses.of("(" + low + " <= ? or " + low + " is null)", day)));
            }
        }
        return Clauses.and(conditions);
    }

    /** The first or the last day that the event's date can mean, as SQL. */
    static String bound(EventType type, String bound, ViewShape view, Sources sources) {
        List<String> columns = type.days().stream()
                .map(element -> Need.of(element + "." + bound + "Boundary()").as("date"))
                .filter(need -> need.in(view).isPresent())
                .map(need -> sources.column(view, "c", need))
                .toList();
        return columns.size() == 1 ? columns.getFirst() : "coalesce(" + String.join(", ", columns) + ")";
    }
}
