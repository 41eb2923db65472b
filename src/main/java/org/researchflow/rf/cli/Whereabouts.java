package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.doctor.ShellWord;

/**
 * The global options that sent this command where it went. A command within a hint needs them as well, or it would do
 * its work in another database when it is pasted.
 *
 * @param options as typed, with a space behind; empty where none was
 */
record Whereabouts(String options) {

    static final Whereabouts NOWHERE_ELSE = new Whereabouts("");

    /** A command that is alone, or set off; one with options of its own knows where it goes. */
    private static final Pattern COMMAND = Pattern.compile(
            "(^|  |try: )rf (?!(?:demo|sandbox|config|completion|help)\\b)(?=[a-z])", Pattern.MULTILINE);

    static Whereabouts of(GlobalOptions global) {
        List<String> words = new ArrayList<>();
        if (global.sandbox()) {
            words.add("--sandbox");
        }
        global.profile().ifPresent(name -> words.addAll(List.of("--profile", ShellWord.of(name))));
        for (Map.Entry<ConfigKey, String> typed : global.typed().entrySet()) {
            words.add(typed.getKey().flag().orElseThrow());
            if (typed.getKey() != ConfigKey.LENIENT) {
                words.add(ShellWord.of(typed.getValue()));
            }
        }
        return words.isEmpty() ? NOWHERE_ELSE : new Whereabouts(String.join(" ", words) + " ");
    }

    /** The same text, whose commands go where this one went. */
    String in(String text) {
        return options.isEmpty()
                ? text
                : COMMAND.matcher(text).replaceAll("$1" + Matcher.quoteReplacement("rf " + options));
    }

    Failure in(Failure failure) {
        if (options.isEmpty()) {
            return failure;
        }
        Failure here = Failure.of(failure.kind(), in(failure.what()));
        failure.notes().forEach((label, notes) -> notes.forEach(note -> here.note(label, in(note))));
        @Nullable Throwable cause = failure.getCause();
        return cause == null ? here : here.causedBy(cause);
    }
}
