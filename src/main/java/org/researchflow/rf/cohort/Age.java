package org.researchflow.rf.cohort;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;

/**
 * Is so many years old on a day: completed years, whether or not the patient lives to see it.
 *
 * @param ranges one of which must hold
 * @param at the day
 */
public record Age(List<Years> ranges, LocalDate at) implements Criterion {

    private static final Pattern RANGE = Pattern.compile("(?<from>[0-9]{1,3})?\\.\\.(?<to>[0-9]{1,3})?");
    private static final Pattern BOUND = Pattern.compile("(?<operator><=|>=|<|>)?\\s*(?<years>[0-9]{1,3})");

    public Age {
        ranges = List.copyOf(ranges);
    }

    /**
     * Completed years, both ends included.
     *
     * @param from at least
     * @param to at most
     */
    public record Years(int from, Optional<Integer> to) {

        /** The birth dates of those who are so old on that day: nobody has an age before birth. */
        DateRange births(LocalDate at) {
            return new DateRange(
                    to.map(years -> at.minusYears(years + 1L).plusDays(1)),
                    Optional.of(at.minusYears(from)),
                    inWords());
        }

        String inWords() {
            return to.map(last -> last == from ? String.valueOf(from) : from + ".." + last)
                    .orElse(from + "..");
        }
    }

    /**
     * Reads {@code 40..65}, {@code 40..}, {@code ..65}, {@code 40}, {@code >=40} or {@code <65}.
     *
     * @throws Failure if one is none of these, or nobody can be so old
     */
    public static Age parse(List<String> texts, LocalDate at) {
        return new Age(texts.stream().map(Age::years).toList(), at);
    }

    private static Years years(String text) {
        Matcher range = RANGE.matcher(text.strip());
        Matcher bound = BOUND.matcher(text.strip());
        if (range.matches() && text.strip().length() > 2) {
            int from = Optional.ofNullable(range.group("from"))
                    .map(Integer::valueOf)
                    .orElse(0);
            return checked(text, from, Optional.ofNullable(range.group("to")).map(Integer::valueOf));
        }
        if (bound.matches()) {
            int years = Integer.parseInt(bound.group("years"));
            return switch (Optional.ofNullable(bound.group("operator")).orElse("")) {
                case "<" -> checked(text, 0, Optional.of(years - 1));
                case "<=" -> new Years(0, Optional.of(years));
                case ">" -> new Years(years + 1, Optional.empty());
                case ">=" -> new Years(years, Optional.empty());
                default -> new Years(years, Optional.of(years));
            };
        }
        throw Failure.usage("not an age: \"" + Quoted.shown(text) + '"')
                .note("try", "40..65, 40.., ..65, 40, >=40 or <65");
    }

    private static Years checked(String text, int from, Optional<Integer> to) {
        if (to.isPresent() && to.get() < from) {
            throw Failure.usage("no age is in " + Quoted.shown(text)).note("try", "the lower age first");
        }
        return new Years(from, to);
    }

    @Override
    public String inWords() {
        return "age " + ranges.stream().map(Years::inWords).collect(Collectors.joining(" or ")) + " on " + at;
    }
}
