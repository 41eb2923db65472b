package org.researchflow.rf.cli;

import java.util.List;
import java.util.Map;
import org.researchflow.rf.cli.Completion.Place;
import org.researchflow.rf.cli.Completion.Word;

/** The completions for fish, with what each word means beside it. */
final class FishCompletion {

    private static final String HEAD = """
            # Completions of rf for fish, made from the commands themselves.
            """;

    private static final String TAIL = """
            # Files, and names that the launcher knows.
            function __rf_offer
                set -l typed (commandline -opc) (commandline -ct)
                for value in (string split -n ' ' -- $argv)
                    switch $value
                        case @files
                            __fish_complete_path (commandline -ct)
                        case '@*'
                            command $typed[1] --complete (string sub -s 2 -- $value) $typed[2..-1] 2>/dev/null
                        case '*'
                            echo $value
                    end
                end
            end

            function __rf_complete
                set -l typed (commandline -opc)
                set -l current (commandline -ct)
                set -l place ''
                set -l help ''
                set -l skip ''
                for word in $typed[2..-1]
                    if test -n "$skip"
                        set skip ''
                    else if string match -q -- '-*' $word
                        __rf_values $word >/dev/null; and set skip yes
                    else if test -z "$place" -a "$word" = help
                        set help yes
                    else if contains -- $word (__rf_commands "$place" | string split -f1 \\t)
                        set place (string trim "$place $word")
                    end
                end
                if test -n "$skip"
                    __rf_offer (__rf_values $typed[-1])
                else if string match -qr -- '^--[a-z-]+=' $current
                    set -l option (string split -m1 = -- $current)[1]
                    if set -l values (__rf_values $option)
                        printf '%s\\n' $option=(__rf_offer $values)
                    end
                else if string match -q -- '-*' $current
                    __rf_options "$place"
                    __rf_global
                else
                    __rf_commands "$place"
                    test -n "$help"; or __rf_offer (__rf_arguments "$place")
                end
            end

            complete -c rf -f -a '(__rf_complete)'
            """;

    private FishCompletion() {}

    static String of(Completion completion) {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        text.append("function __rf_global\n");
        print(text, "    ", completion.global());
        text.append("end\n\nfunction __rf_commands\n    switch $argv[1]\n");
        for (Place place : completion.places()) {
            words(text, place.path(), place.commands());
        }
        text.append("    end\nend\n\nfunction __rf_options\n    switch $argv[1]\n");
        for (Place place : completion.places()) {
            words(text, place.path(), place.options());
        }
        text.append("    end\nend\n\nfunction __rf_arguments\n    switch $argv[1]\n");
        for (Place place : completion.places()) {
            if (!place.arguments().isEmpty()) {
                text.append("        case ")
                        .append(quoted(place.path()))
                        .append("\n            echo ")
                        .append(quoted(place.arguments()))
                        .append('\n');
            }
        }
        text.append("    end\nend\n\n# What can follow this option, if it takes a value.\nfunction __rf_values\n")
                .append("    switch $argv[1]\n");
        for (Map.Entry<String, List<String>> options :
                completion.optionsByValues().entrySet()) {
            text.append("        case ")
                    .append(String.join(" ", options.getValue()))
                    .append("\n            echo ")
                    .append(quoted(options.getKey()))
                    .append('\n');
        }
        return text.append("        case '*'\n            return 1\n    end\nend\n\n")
                .append(TAIL)
                .toString();
    }

    private static void words(StringBuilder text, String path, List<Word> words) {
        if (!words.isEmpty()) {
            text.append("        case ").append(quoted(path)).append('\n');
            print(text, "            ", words);
        }
    }

    private static void print(StringBuilder text, String indent, List<Word> words) {
        text.append(indent).append("printf '%s\\t%s\\n'");
        for (Word word : words) {
            text.append(" \\\n")
                    .append(indent)
                    .append("    ")
                    .append(word.text())
                    .append(' ')
                    .append(quoted(word.explanation()));
        }
        text.append('\n');
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
