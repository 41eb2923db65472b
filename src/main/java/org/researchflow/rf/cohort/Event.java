package org.researchflow.rf.cohort;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Something of one kind is recorded of the patient.
 *
 * @param type the kind
 * @param findings one of which it must be recognized by: together they name one concept
 * @param occurrence which of them count
 */
public record Event(EventType type, List<Finding> findings, Occurrence occurrence) implements Criterion {

    public Event {
        findings = List.copyOf(findings);
        if (findings.isEmpty()) {
            throw new IllegalArgumentException("an event that nothing tells from others");
        }
    }

    /** A condition with one of these codes, whenever. */
    public static Event condition(Code... codes) {
        List<Finding> findings = new ArrayList<>();
        for (Code code : codes) {
            findings.add(new Finding.OfCode(code));
        }
        return new Event(EventType.CONDITION, findings, Occurrence.ANY);
    }

    /** All codes that it names. */
    List<Code> codes() {
        return findings.stream()
                .flatMap(finding -> switch (finding) {
                    case Finding.OfCode(Code code) -> Optional.of(code).stream();
                    case Finding.OfText _ -> Optional.<Code>empty().stream();
                    case Finding.OfValue(Code code, Optional<ValueTest> _) -> Optional.of(code).stream();
                })
                .distinct()
                .toList();
    }

    List<Term> terms() {
        return findings.stream()
                .filter(Finding.OfText.class::isInstance)
                .map(finding -> ((Finding.OfText) finding).term())
                .toList();
    }

    List<Finding.OfValue> values() {
        return findings.stream()
                .filter(Finding.OfValue.class::isInstance)
                .map(Finding.OfValue.class::cast)
                .toList();
    }

    @Override
    public String inWords() {
        int shown = 5;
        String more = findings.size() > shown + 1 ? " or one of " + (findings.size() - shown) + " more" : "";
        return type.word() + " "
                + findings.stream()
                        .limit(more.isEmpty() ? shown + 1 : shown)
                        .map(Finding::inWords)
                        .collect(Collectors.joining(" or "))
                + more
                + occurrence.inWords();
    }
}
