package org.researchflow.rf.cli;

import static org.researchflow.rf.cli.Completion.quoted;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.researchflow.rf.cli.Completion.Place;
import org.researchflow.rf.cli.Completion.Word;

/** The completions for zsh, with what each word means beside it. */
final class ZshCompletion {

    private static final String HEAD = """
            #compdef rf
            # Completions of rf for zsh, made from the commands themselves.
            """;

    private static final String TAIL = """
            # Files, and names that the launcher knows.
            _rf_offer() {
                local value
                local -a names
                for value in ${=1}; do
                    case $value in
                        @files) _files ;;
                        @*) names+=(${(f)"$(command ${(Q)words[1]} --complete ${value#@} ${(Q)words[2,-1]} 2>/dev/null)"}) ;;
                        *) names+=($value) ;;
                    esac
                done
                if (( $#names )); then
                    # A code follows its system at once.
                    if [[ $names[1] == *'|' ]]; then compadd -S '' -- $names; else compadd -- $names; fi
                fi
            }

            _rf() {
                local i word place='' help='' values arguments cur=$words[CURRENT]
                local -a commands options global
                for ((i = 2; i < CURRENT; i++)); do
                    word=$words[i]
                    if [[ $word == -* ]]; then
                        _rf_values $word && ((i++))
                        continue
                    fi
                    _rf_place "$place"
                    if [[ -z $place && $word == help ]]; then
                        help=yes
                    elif (( ${commands[(I)$word:*]} )); then
                        place="${place:+$place }$word"
                    fi
                done
                _rf_place "$place"
                if (( i > CURRENT )) && _rf_values "$words[CURRENT-1]"; then
                    _rf_offer "$values"
                elif [[ $cur == --*=* ]]; then
                    compset -P '*='
                    _rf_values ${cur%%=*} && _rf_offer "$values"
                elif [[ $cur == -* ]]; then
                    _describe -o option options -- global
                else
                    (( ! $#commands )) || _describe command commands
                    [[ -n $help || -z $arguments ]] || _rf_offer "$arguments"
                fi
            }

            # Read by compinit out of fpath it is called at once, and sourced it is told what to complete.
            if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _rf "$@"; else compdef _rf rf; fi
            """;

    private ZshCompletion() {}

    static String of(Completion completion) {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        text.append("# What can follow these words.\n_rf_place() {\n    global=(\n");
        describe(text, completion.global());
        text.append("    )\n    commands=() options=() arguments=''\n    case $1 in\n");
        for (Place place : completion.places()) {
            text.append("        ").append(quoted(place.path())).append(")\n");
            set(text, "commands", place.commands());
            set(text, "options", place.options());
            if (!place.arguments().isEmpty()) {
                text.append("            arguments=")
                        .append(quoted(place.arguments()))
                        .append('\n');
            }
            text.append("            ;;\n");
        }
        text.append(
                "    esac\n}\n\n# What can follow this option, if it takes a value.\n_rf_values() {\n    case $1 in\n");
        for (Map.Entry<String, List<String>> options :
                completion.optionsByValues().entrySet()) {
            text.append("        ")
                    .append(options.getValue().stream().collect(Collectors.joining(" | ", "(", ")")))
                    .append(" values=")
                    .append(quoted(options.getKey()))
                    .append(" ;;\n");
        }
        return text.append("        *) return 1 ;;\n    esac\n}\n\n")
                .append(TAIL)
                .toString();
    }

    private static void set(StringBuilder text, String variable, List<Word> words) {
        if (!words.isEmpty()) {
            text.append("            ").append(variable).append("=(\n");
            describe(text, words);
            text.append("            )\n");
        }
    }

    private static void describe(StringBuilder text, List<Word> words) {
        for (Word word : words) {
            text.append("                ")
                    .append(quoted(word.text().replace(":", "\\:") + ":" + word.explanation()))
                    .append('\n');
        }
    }
}
