package org.researchflow.rf.cli;

import static org.researchflow.rf.cli.Completion.quoted;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.researchflow.rf.cli.Completion.Place;
import org.researchflow.rf.cli.Completion.Word;

/** The completions for bash, which work without the package bash-completion. */
final class BashCompletion {

    private static final String HEAD = """
            # Completions of rf for bash, made from the commands themselves.
            """;

    private static final String TAIL = """
            # Files, and names that the launcher knows, for a word that begins so.
            _rf_offer() {
                local value line
                for value in $1; do
                    case $value in
                        @files)
                            compopt -o filenames 2>/dev/null
                            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$2")
                            ;;
                        @*)
                            while IFS= read -r line; do
                                [[ $line != "$2"* ]] || COMPREPLY+=("$line")
                            done < <(command "${COMP_WORDS[0]}" --complete "${value#@}" "${COMP_WORDS[@]:1}" 2>/dev/null)
                            ;;
                        "$2"*) COMPREPLY+=("$value") ;;
                    esac
                done
            }

            _rf() {
                local i word path='' help='' cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} quote=''
                local commands='' options='' arguments='' values=''
                COMPREPLY=()
                # bash splits --option=value at the sign.
                if [[ $cur == '=' ]]; then
                    cur=''
                elif [[ $before == '=' ]]; then
                    before=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                case $cur in
                    [\\'\\"]*) quote=${cur:0:1} cur=${cur:1} ;;
                esac
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ $word == -* ]]; then
                        _rf_values "$word" && [[ ${COMP_WORDS[i + 1]} != '=' ]] && ((i++))
                        continue
                    fi
                    _rf_place "$path"
                    if [[ -z $path && $word == help ]]; then
                        help=yes
                    elif [[ " $commands " == *" $word "* ]]; then
                        path="${path:+$path }$word"
                    fi
                done
                _rf_place "$path"
                if _rf_values "$before"; then
                    _rf_offer "$values" "$cur"
                elif [[ $cur == -* ]]; then
                    _rf_offer "$options $global" "$cur"
                elif [[ -n $help ]]; then
                    _rf_offer "$commands" "$cur"
                else
                    _rf_offer "$commands $arguments" "$cur"
                fi
                if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *'|' ]]; then
                    compopt -o nospace 2>/dev/null
                fi
                if [[ -z $quote ]]; then
                    COMPREPLY=("${COMPREPLY[@]//|/\\\\|}")
                fi
                # What stands before a colon is a word of its own to bash.
                if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
                    COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
                fi
            }

            complete -F _rf rf
            """;

    private BashCompletion() {}

    static String of(Completion completion) {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        text.append("# What can follow these words.\n_rf_place() {\n");
        text.append("    global=").append(quoted(texts(completion.global()))).append('\n');
        text.append("    commands='' options='' arguments=''\n    case $1 in\n");
        for (Place place : completion.places()) {
            text.append("        ").append(quoted(place.path())).append(")\n");
            set(text, "commands", texts(place.commands()));
            set(text, "options", texts(place.options()));
            set(text, "arguments", place.arguments());
            text.append("            ;;\n");
        }
        text.append(
                "    esac\n}\n\n# What can follow this option, if it takes a value.\n_rf_values() {\n    case $1 in\n");
        for (Map.Entry<String, List<String>> options :
                completion.optionsByValues().entrySet()) {
            text.append("        ")
                    .append(String.join(" | ", options.getValue()))
                    .append(") values=")
                    .append(quoted(options.getKey()))
                    .append(" ;;\n");
        }
        return text.append("        *) return 1 ;;\n    esac\n}\n\n")
                .append(TAIL)
                .toString();
    }

    private static void set(StringBuilder text, String variable, String value) {
        if (!value.isEmpty()) {
            text.append("            ")
                    .append(variable)
                    .append('=')
                    .append(quoted(value))
                    .append('\n');
        }
    }

    private static String texts(List<Word> words) {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }
}
