package org.researchflow.rf.cohort;

import java.util.List;
import java.util.stream.Collectors;

/** Was born within one of these ranges. */
public record BirthDate(List<DateRange> ranges) implements Criterion {

    public BirthDate {
        ranges = List.copyOf(ranges);
    }

    public static BirthDate parse(List<String> texts) {
        return new BirthDate(texts.stream()
                .map(text -> DateRange.parse("a birth date", text))
                .toList());
    }

    @Override
    public String inWords() {
        return "born " + ranges.stream().map(DateRange::toString).collect(Collectors.joining(" or "));
    }
}
