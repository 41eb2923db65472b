package org.researchflow.rf.cohort;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;

/**
 * The words that a text must hold, each as a whole word, upper or lower case.
 *
 * @param words the core of what was asked for, in lower case
 */
public record Term(List<String> words) {

    /** Words that say nothing about what is meant. */
    private static final Set<String> STOP_WORDS = Set.of(
            "a",
            "all",
            "an",
            "and",
            "any",
            "at",
            "by",
            "due",
            "for",
            "from",
            "in",
            "into",
            "its",
            "nec",
            "nos",
            "of",
            "on",
            "or",
            "other",
            "the",
            "to",
            "type",
            "types",
            "unspecified",
            "with",
            "without",
            "within");

    /** Words that narrow or round off a medical term, and that other texts on the same thing leave out. */
    private static final Set<String> QUALIFIERS = Set.of(
            "acute",
            "chronic",
            "disease",
            "diseases",
            "disorder",
            "disorders",
            "essential",
            "finding",
            "history",
            "known",
            "mellitus",
            "mild",
            "moderate",
            "primary",
            "procedure",
            "secondary",
            "severe",
            "situation",
            "suspected",
            "syndrome");

    public Term {
        words = List.copyOf(words);
    }

    /**
     * Reads free text. What stands in brackets, stop words and qualifiers are left out as long as anything else is left:
     * "Diabetes mellitus (all types)" is looked for as "diabetes".
     *
     * @throws Failure if there is no word in it
     */
    public static Term parse(String text) {
        List<String> all = words(text);
        if (all.isEmpty()) {
            throw Failure.usage("no word to look for in \"" + Quoted.shown(text) + '"')
                    .note("try", "--text diabetes");
        }
        List<String> outside = words(text.replaceAll("\\([^)]*\\)|\\[[^\\]]*\\]", " "));
        List<String> telling = without(STOP_WORDS, outside.isEmpty() ? all : outside);
        return new Term(without(QUALIFIERS, telling).stream().distinct().toList());
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<String> without(Set<String> dropped, List<String> words) {
        List<String> rest =
                words.stream().filter(word -> !dropped.contains(word)).toList();
        return rest.isEmpty() ? words : rest;
    }

    /** The words as regular expressions of PostgreSQL: letters and digits only, so that there is nothing to quote. */
    List<String> patterns() {
        return words.stream().map(word -> "\\m" + word + "\\M").toList();
    }

    /** The words as they are looked for. */
    @Override
    public String toString() {
        return words.stream().collect(Collectors.joining(" ", "\"", "\""));
    }
}
