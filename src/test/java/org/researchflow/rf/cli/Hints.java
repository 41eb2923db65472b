package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command lines that rf tells people to type. */
final class Hints {

    /** Behind a label or a gap, up to a gap, a pipe or the end of the line. */
    private static final Pattern HINT =
            Pattern.compile("(?:^|(?<!^rf): +| {2,})rf(?<words>(?: (?:'[^']*'|[^\\s'|>#;]+))+)", Pattern.MULTILINE);

    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private Hints() {}

    /** Those in what was printed. */
    static List<List<String>> in(String printed) {
        return HINT.matcher(printed)
                .results()
                .map(found -> words(found.group("words")))
                .toList();
    }

    /** The words of a line, as a shell takes them. */
    static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> Stream.of(1, 2)
                        .map(word::group)
                        .filter(text -> text != null)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    /** All of them are command lines that rf takes. */
    static void requireParseable(String printed) {
        for (List<String> hint : in(printed)) {
            assertThat(new CommandTree(Commands.ALL).parse(hint.toArray(String[]::new)))
                    .as("rf " + String.join(" ", hint))
                    .hasSizeGreaterThan(1);
        }
    }
}
