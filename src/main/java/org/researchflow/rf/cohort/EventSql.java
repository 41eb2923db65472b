package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.literal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.cohort.EventType.Status;
import org.researchflow.rf.cohort.Finding.OfValue;
import org.researchflow.rf.sql.Sql;

/** A place where an event may be recorded: the rows of a view, called {@code c}, and what tells those that it means. */
final class EventSql {

    static final Need PATIENT = Need.of("subject.getReferenceKey(Patient)");
    static final Need KEY = Need.of("getResourceKey()");

    private final Event event;
    private final Sources sources;
    private final CodedRows rows;
    private final CodedRows coded;
    private final String from;

    private EventSql(Event event, CodedRows rows, CodedRows coded, String from) {
        this.event = event;
        this.sources = rows.sources();
        this.rows = rows;
        this.coded = coded;
        this.from = from;
    }

    /**
     * Wherever the event may be recorded: in a view of its resources; and, where such views are stored, in one of their
     * parts, or of what they refer to.
     *
     * @throws org.researchflow.rf.Failure if there is no view of its resources that has what it needs
     */
    static List<EventSql> everywhere(Event event, Sources sources) {
        EventType type = event.type();
        List<EventSql> places = new ArrayList<>();
        places.add(in(
                sources.view(type.resourceType(), needs(event, type.coding()), event.inWords()),
                event,
                type.coding(),
                sources));
        type.parts().flatMap(parts -> ofParts(event, parts, sources)).ifPresent(places::add);
        type.referred()
                .flatMap(referred -> ofReferred(event, referred, sources))
                .ifPresent(places::add);
        return places;
    }

    private static EventSql in(ViewShape view, Event event, Coding coding, Sources sources) {
        CodedRows rows = new CodedRows(view, "c", coding, sources);
        return new EventSql(event, rows, rows, rows.from());
    }

    /** A view of parts must answer whatever can be asked, so that all questions look at the same one. */
    private static Optional<EventSql> ofParts(Event event, Coding parts, Sources sources) {
        EventType type = event.type();
        List<Need> needs = new ArrayList<>(List.of(PATIENT, KEY, day(type, "low"), day(type, "high")));
        needs.addAll(ValueSql.all(parts));
        type.statuses().forEach(status -> needs.add(status.need()));
        return sources.viewIfAny(type.resourceType(), parts, needs).map(view -> in(view, event, parts, sources));
    }

    private static Optional<EventSql> ofReferred(Event event, Referred referred, Sources sources) {
        EventType type = event.type();
        List<Need> needs = new ArrayList<>(List.of(PATIENT, referred.key()));
        needs.addAll(circumstances(event));
        return referred.rows(sources)
                .flatMap(coded -> sources.fitting(type.resourceType(), needs)
                        .findFirst()
                        .map(view -> {
                            CodedRows rows = new CodedRows(view, "c", type.coding(), sources);
                            return new EventSql(event, rows, coded, referred.joined(rows, coded));
                        }));
    }

    /** What a view must have to answer for the event. */
    private static List<Need> needs(Event event, Coding coding) {
        List<Need> needs = new ArrayList<>(List.of(PATIENT));
        if (!event.codes().isEmpty()) {
            needs.addAll(coding.codes());
            if (event.codes().stream().anyMatch(code -> code.system().isPresent())) {
                needs.add(coding.system());
            }
        }
        if (!event.terms().isEmpty()) {
            needs.addAll(coding.words());
        }
        for (OfValue value : event.values()) {
            value.value().ifPresent(test -> needs.addAll(ValueSql.needs(test, coding)));
        }
        needs.addAll(circumstances(event));
        return needs.stream().distinct().toList();
    }

    /** What it must have whatever the event is recognized by. */
    private static List<Need> circumstances(Event event) {
        List<Need> needs = new ArrayList<>();
        for (Status status : asked(event)) {
            needs.add(status.need());
        }
        if (event.occurrence().isDated()) {
            needs.add(day(event.type(), "low"));
            needs.add(day(event.type(), "high"));
        }
        if (event.occurrence().atLeast() > 1) {
            needs.add(KEY);
        }
        return needs;
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

    /** The rows as SQL. */
    String from() {
        return from;
    }

    String patient() {
        return rows.joined(PATIENT);
    }

    String key() {
        return column(KEY);
    }

    ViewShape view() {
        return rows.view();
    }

    String column(Need need) {
        return rows.column(need);
    }

    /** The rows that have the codes and words: its own, or those that they refer to. */
    CodedRows coded() {
        return coded;
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
                case Finding.OfText(Term term) -> ways.add(coded.says(term));
                case OfValue(Code code, Optional<ValueTest> value)
                when value.isPresent() ->
                    ways.add(Clauses.bracketed(Clauses.joined(
                            List.of(coded.carries(List.of(code)), new ValueSql(this).passes(value.get(), certainty)),
                            " and ")));
                case OfValue(Code code, Optional<ValueTest> _) -> codes.add(code);
            }
        }
        if (!codes.isEmpty()) {
            ways.addFirst(coded.carries(codes));
        }
        return Clauses.or(ways);
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
        String low = bound(event.type(), "low", view(), sources);
        String high = bound(event.type(), "high", view(), sources);
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
