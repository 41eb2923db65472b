package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.cli.CommandLineFixture.Ended;
import org.researchflow.rf.sandbox.DumpReplay;
import org.researchflow.rf.sandbox.PgDump;

/** What the README, {@code docs/} and the help tell people to type is what rf takes and answers. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");

    /** Code in Markdown: between fences, indented, or in backquotes. */
    private static final Pattern CODE =
            Pattern.compile("```\\w*\n(?s:(.*?))```|^ {4}(.*)$|`([^`\n]+)`", Pattern.MULTILINE);

    /** A command line of rf, after a prompt, a time of cron's or variables, and up to what is the shell's. */
    private static final Pattern COMMAND = Pattern.compile(
            "^(?:[0-9*]+ +)*(?:\\$ )?(?:[A-Z_]+=\\S+ )*rf(?<words>(?: (?:'[^']*'|[^\\s'|>#;]+))+)", Pattern.MULTILINE);

    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    /** What differs from run to run: moments, durations, sizes; and with their width the gaps between columns. */
    private static final Pattern VARYING = Pattern.compile(
            "(?:\\d{4}-\\d\\d-\\d\\d )?\\b\\d\\d:\\d\\d\\b(?!:)|[\\d.]+ ms|\\d+ (?:s|min) ago|\\d[\\d ]* kB");

    /** A command that was typed, and what standard output said. */
    private record Exchange(List<String> words, String answer) {}

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
        assertThat(new CommandTree(Commands.ALL).parse(words(words).toArray(String[]::new)))
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

    @Test
    void sessionOfTheReadmeIsWhatRfAnswers() throws IOException, SQLException {
        List<Exchange> session = session();
        assertThat(session).hasSizeGreaterThan(3);
        try (TestDatabase database = sample()) {
            assertThat(answer(database, List.of("views", "create-all"))).isEmpty();
            for (Exchange exchange : session) {
                assertThat(steady(answer(database, exchange.words())))
                        .as("rf " + String.join(" ", exchange.words()))
                        .isEqualTo(steady(exchange.answer()));
            }
        }
    }

    /** The commands of rf between the prompts; lines of progress went to standard error. */
    private static List<Exchange> session() throws IOException {
        List<Exchange> session = new ArrayList<>();
        for (String block : blocks(CONSOLE)) {
            for (String exchange : block.split("(?m)^\\$ ", -1)) {
                if (exchange.startsWith("rf ")) {
                    List<String> lines = exchange.lines().toList();
                    session.add(new Exchange(
                            words(lines.getFirst().substring("rf ".length())),
                            String.join(
                                    "\n",
                                    lines.stream()
                                            .skip(1)
                                            .filter(line -> !line.startsWith(" ✓ "))
                                            .toList())));
                }
            }
        }
        return session;
    }

    private static List<String> blocks(Pattern kind) throws IOException {
        return kind.matcher(Files.readString(README))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static List<String> words(String line) {
        return WORD.matcher(line).results().map(ReadmeTest::word).toList();
    }

    private static String word(MatchResult found) {
        return Objects.requireNonNullElse(found.group(1), found.group(2));
    }

    private static String steady(String answer) {
        return VARYING.matcher(answer).replaceAll("…").replaceAll(" +", " ").strip();
    }

    /** Runs it on a terminal as wide as the README's, in a database that holds what the sandbox does. */
    private static String answer(TestDatabase database, List<String> words) {
        String url = "postgresql://%s:%s@%s:%d/%s"
                .formatted(database.user(), database.password(), database.host(), database.port(), database.database());
        String[] args = words.stream().filter(word -> !word.equals("--sandbox")).toArray(String[]::new);
        Ended ended = CommandLineFixture.rf()
                .with(Map.of("RF_DB_URL", url, "TERM", "dumb"))
                .on(new Terminal(true, true, true, 100))
                .run(args);
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.out();
    }

    private static TestDatabase sample() throws IOException, SQLException {
        TestDatabase database = TestPostgres.empty();
        InputStream zipped = Objects.requireNonNull(ReadmeTest.class.getResourceAsStream("/sample/hapi-sample.sql.gz"));
        try (InputStream dump = new GZIPInputStream(zipped);
                Connection connection = database.connect()) {
            PgDump.read(dump, new DumpReplay(connection));
        }
        return database;
    }
}
