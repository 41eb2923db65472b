package org.researchflow.rf.cohort;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a cohort as the content of a cohort file: {@link CohortFile} reads the same from it. */
public final class CohortText {

    private CohortText() {}

    /**
     * The members of the JSON object: texts, numbers, truth values, lists and objects of these.
     *
     * @param open the day of ages that name none: it is left out, and is whichever day the file is read
     */
    public static Map<String, Object> of(Cohort cohort, LocalDate open) {
        return of(cohort.root(), open);
    }

    private static Map<String, Object> of(Criterion criterion, LocalDate open) {
        return switch (criterion) {
            case Group(Group.Kind kind, List<Criterion> members) ->
                Map.of(
                        kind.name().toLowerCase(Locale.ROOT),
                        members.stream().map(member -> of(member, open)).toList());
            case Gender(List<String> genders) -> Map.of("gender", genders);
            case Age age -> of(age, open);
            case BirthDate(List<DateRange> ranges) ->
                Map.of("birthdate", ranges.stream().map(DateRange::text).toList());
            case Deceased(boolean died) -> Map.of("deceased", died);
            case Event event -> of(event);
        };
    }

    private static Map<String, Object> of(Age age, LocalDate open) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("age", age.ranges().stream().map(Age.Years::inWords).toList());
        if (!age.at().equals(open)) {
            members.put("at", age.at().toString());
        }
        return members;
    }

    private static Map<String, Object> of(Event event) {
        Map<String, Object> members = new LinkedHashMap<>();
        List<String> recognized = event.findings().stream()
                .filter(finding -> !(finding instanceof Finding.OfText))
                .map(Finding::inWords)
                .toList();
        if (!recognized.isEmpty()) {
            members.put(event.type().word(), recognized);
        }
        if (!event.terms().isEmpty()) {
            members.put(
                    "text",
                    event.terms().stream()
                            .map(term -> String.join(" ", term.words()))
                            .toList());
        }
        Occurrence occurrence = event.occurrence();
        occurrence.since().ifPresent(day -> members.put("since", day.toString()));
        occurrence.until().ifPresent(day -> members.put("until", day.toString()));
        if (!occurrence.statuses().isEmpty()) {
            members.put("status", occurrence.statuses());
        }
        if (occurrence.atLeast() > 1) {
            members.put("minOccurrences", occurrence.atLeast());
        }
        return members;
    }
}
