package org.researchflow.rf.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the values of a setting look like. What only a database or a server can judge is not part of it. */
public sealed interface Form {

    /** Text that has to match. */
    record Text(String inWords, Predicate<String> fits) implements Form {
        static Text matching(String inWords, String pattern) {
            // Compiled when something is checked: most runs check nothing, and all of them load this.
            return new Text(inWords, text -> Pattern.matches(pattern, text));
        }
    }

    /** One of these words, in any case. */
    record Choice(List<String> words) implements Form {
        public Choice {
            words = List.copyOf(words);
        }
    }

    /** {@code true} or {@code false}. */
    record Truth() implements Form {}

    /** A whole number within these bounds. */
    record WholeNumber(long least, long most) implements Form {
        private static final long NINE_DIGITS = 999_999_999;

        static WholeNumber from(long least) {
            return new WholeNumber(least, NINE_DIGITS);
        }
    }

    /** Several values; in a variable, commas stand between them. */
    record Several(Form each) implements Form {}

    /** How a value of this form is described to people. */
    default String inWords() {
        return switch (this) {
            case Text text -> text.inWords();
            case Choice choice -> alternatives(choice.words());
            case Truth _ -> "true or false";
            case WholeNumber number ->
                "a whole number from " + number.least()
                        + (number.most() == WholeNumber.NINE_DIGITS ? " on" : " to " + number.most());
            case Several several -> "a list of: " + several.each().inWords();
        };
    }

    /** Whether this text can be a value. */
    default boolean fits(String text) {
        return switch (this) {
            case Text form -> form.fits().test(text);
            case Choice choice -> choice.words().contains(text.toLowerCase(Locale.ROOT));
            case Truth _ -> List.of("true", "false").contains(text.toLowerCase(Locale.ROOT));
            case WholeNumber number ->
                text.matches("[0-9]{1,9}")
                        && Long.parseLong(text) >= number.least()
                        && Long.parseLong(text) <= number.most();
            case Several several ->
                List.of(text.split(",", -1)).stream().map(String::strip).allMatch(several.each()::fits);
        };
    }

    /** The text of a value as TOML has it; empty when TOML has something else. */
    default Optional<String> text(Object value) {
        return switch (value) {
            case String text when !text.isBlank() -> Optional.of(text.strip());
            case Long number when this instanceof WholeNumber -> Optional.of(number.toString());
            case Boolean truth when this instanceof Truth -> Optional.of(truth.toString());
            case List<?> list when this instanceof Several several && !list.isEmpty() -> joined(several.each(), list);
            default -> Optional.empty();
        };
    }

    private static Optional<String> joined(Form each, List<?> list) {
        List<String> texts = new ArrayList<>();
        for (Object value : list) {
            Optional<String> text = each.text(value);
            if (text.isEmpty()) {
                return text;
            }
            texts.add(text.get());
        }
        return Optional.of(String.join(",", texts));
    }

    private static String alternatives(List<String> words) {
        return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }
}
