package org.researchflow.rf.cohort;

import java.util.List;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;

/** Which statuses can be asked for. */
public final class Statuses {

    private Statuses() {}

    /**
     * Requires that each status is one that something among the criteria can have.
     *
     * @throws Failure if not: it would silently match nothing
     */
    public static void requireKnown(List<String> statuses, List<Criterion> criteria) {
        requireOf(
                statuses, criteria.stream().flatMap(Statuses::types).distinct().toList());
    }

    /** Requires that it can have each of the statuses. */
    static void requireKnown(List<String> statuses, EventType type) {
        requireOf(statuses, List.of(type));
    }

    private static void requireOf(List<String> statuses, List<EventType> types) {
        List<String> known = types.stream()
                .flatMap(type -> type.statuses().stream())
                .flatMap(status -> status.codes().stream())
                .distinct()
                .sorted()
                .toList();
        for (String status : statuses) {
            if (!known.contains(status)) {
                Failure failure = Failure.usage("no status \"" + Quoted.shown(status) + "\" of a "
                        + String.join(
                                " or ", types.stream().map(EventType::word).toList()) + " in FHIR");
                Suggestion.nearest(status, known)
                        .ifPresentOrElse(
                                near -> failure.note("did you mean", near),
                                () -> failure.note("try", String.join(", ", known)));
                throw failure;
            }
        }
    }

    private static Stream<EventType> types(Criterion criterion) {
        return switch (criterion) {
            case Group(Group.Kind _, List<Criterion> members) ->
                members.stream().flatMap(Statuses::types);
            case Event event -> Stream.of(event.type());
            case Gender _, Age _, BirthDate _, Deceased _ -> Stream.empty();
        };
    }
}
