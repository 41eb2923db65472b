package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README, {@code docs/} and the help tell people to type is what rf takes. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");

    /** Code in Markdown: between fences, indented, or in backquotes. */
    private static final Pattern CODE =
            Pattern.compile("```\\w*\n(?s:(.*?))```|^ {4}(.*)$|`([^`\n]+)`", Pattern.MULTILINE);

    /** A command line of rf, after a prompt, a time of cron's or variables, and up to what is the shell's. */
    private static final Pattern COMMAND = Pattern.compile(
            "^(?:[0-9*]+ +)*(?:\\$ )?(?:[A-Z_]+=\\S+ )*rf(?<words>(?: (?:'[^']*'|[^\\s'|>#;]+))+)", Pattern.MULTILINE);

    private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    static Stream<String> commandLines() throws IOException {
        List<String> code = new ArrayList<>(code(Files.readString(README)));
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".md")).toList()) {
                code.addAll(code(Files.readString(file)));
            }
        }
        DocumentationTest.specs(new CommandTree(Commands.ALL).whole().getCommandSpec())
                .forEach(command -> code.add(String.join("\n", HelpText.examplesOf(command))));
        return code.stream()
                .flatMap(text -> COMMAND.matcher(text).results())
                .map(found -> found.group("words").strip())
                .distinct();
    }

    private static List<String> code(String markdown) {
        return CODE.matcher(markdown)
                .results()
                .flatMap(found -> Stream.of(1, 2, 3).map(found::group).filter(Objects::nonNull))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void everyCommandLineParses(String words) {
        assertThat(new CommandTree(Commands.ALL).parse(Hints.words(words).toArray(String[]::new)))
                .hasSizeGreaterThan(1);
    }

    @Test
    void viewOfTheReadmeIsTheExample() throws IOException {
        assertThat(blocks(JSON)).containsExactly(Files.readString(Path.of("docs/examples/body_weight.json")));
    }

    @Test
    void sqlViewOfTheReadmeIsTheExample() throws IOException {
        assertThat(blocks(Pattern.compile("```sql\n(/\\*---.*?)```", Pattern.DOTALL)))
                .containsExactly(Files.readString(Path.of("docs/examples/patients_by_gender.sql")));
    }

    private static List<String> blocks(Pattern kind) throws IOException {
        return kind.matcher(Files.readString(README))
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
