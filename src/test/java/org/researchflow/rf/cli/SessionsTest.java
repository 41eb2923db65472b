package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.cli.CommandLineFixture.Ended;
import org.researchflow.rf.sandbox.DumpReplay;
import org.researchflow.rf.sandbox.PgDump;

/**
 * The sessions in the README and in {@code docs/} are what rf prints: each page's commands run in their order in a
 * database that holds what the sandbox does after {@code make demo}.
 */
class SessionsTest {

    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

    /** What differs from run to run: moments, durations, sizes, places; and with their width the gaps between columns. */
    private static final List<Pattern> VARYING = Stream.of(
                    "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?",
                    "(?:\\d{4}-\\d\\d-\\d\\d )?\\b\\d\\d:\\d\\d\\b(?!:)",
                    "[\\d.]+ ms",
                    "\\d+ (?:s|min|h) ago",
                    "\\d[\\d ]* [kM]B",
                    "(?:took|sweepMs|seconds)=[\\d.]+s?",
                    "\"seconds\":[\\d.]+",
                    "[\\w.]+:\\d{4,5}\\b",
                    "(?:database|user) \"[^\"]*\"")
            .map(Pattern::compile)
            .toList();

    /** A line of progress, which a terminal shows otherwise than a log. */
    private static final Predicate<String> PROGRESS = Pattern.compile(
                    "^(?: ✓ |\\d{4}-\\d\\d-\\d\\dT\\S+ (?!poll |watch ))")
            .asPredicate();

    private static TestDatabase sample;
    private static TestRedis redis;

    @TempDir
    private Path folder;

    /** A line that was typed, and what the terminal showed. */
    private record Exchange(String typed, String shown) {}

    @BeforeAll
    static void fill() throws IOException, SQLException {
        redis = TestRedis.start();
        sample = TestPostgres.empty();
        InputStream zipped =
                Objects.requireNonNull(SessionsTest.class.getResourceAsStream("/sample/hapi-sample.sql.gz"));
        try (InputStream dump = new GZIPInputStream(zipped);
                Connection connection = sample.connect()) {
            PgDump.read(dump, new DumpReplay(connection));
        }
    }

    @AfterAll
    static void drop() throws SQLException {
        redis.close();
        sample.close();
    }

    private static String url(TestDatabase database) {
        return "postgresql://%s:%s@%s:%d/%s"
                .formatted(database.user(), database.password(), database.host(), database.port(), database.database());
    }

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            List<Path> withSessions = new ArrayList<>();
            for (Path page : pages) {
                if (!session(page).isEmpty()) {
                    withSessions.add(page);
                }
            }
            return withSessions.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void sessionIsWhatRfPrints(Path page) throws IOException, SQLException {
        List<Exchange> session = session(page);
        Map<String, String> environment = new HashMap<>(Map.of("TERM", "dumb", "HOME", folder.toString()));
        if (session.stream().anyMatch(exchange -> exchange.typed().contains(" poll-fhir"))) {
            environment.put("RF_REDIS_URL", redis.url());
        }
        try (TestDatabase database = TestPostgres.copyOf(sample)) {
            environment.put("RF_DB_URL", url(database));
            // Views that were copied with their database would be those of another one.
            Ended created = CommandLineFixture.rf().with(environment).run("views", "create-all");
            assertThat(created.code()).as(created.err()).isZero();
            int code = 0;
            for (Exchange exchange : session) {
                List<String> words = Hints.words(exchange.typed());
                switch (words.getFirst()) {
                    case "rf" -> code = play(exchange, words, environment);
                    case "cat" ->
                        assertThat(exchange.shown().strip())
                                .isEqualTo(
                                        Files.readString(Path.of(words.get(1))).strip());
                    case "echo" -> assertThat(exchange.shown().strip()).isEqualTo(Integer.toString(code));
                    case "export" -> {
                        String[] variable = words.get(1).split("=", 2);
                        environment.put(variable[0], variable[1]);
                    }
                    // The story that begins the README: what it does was done above.
                    case "make" -> assertThat(exchange.typed()).isEqualTo("make demo");
                    default -> throw new AssertionError("who would run this? " + exchange.typed());
                }
            }
        }
    }

    /** On a terminal as wide as the pages'. */
    private static int play(Exchange exchange, List<String> words, Map<String, String> environment) {
        Ended ended = CommandLineFixture.rf()
                .with(environment)
                .on(new Terminal(true, true, true, 100))
                .run(words.stream()
                        .skip(1)
                        .filter(word -> !word.equals("--sandbox"))
                        .toArray(String[]::new));
        Hints.requireParseable(ended.out() + ended.err());
        String shown = steady(exchange.shown());
        // A line of three dots stands for lines that are left out.
        Pattern pattern = Pattern.compile(Stream.of(("\n" + shown + "\n").split("\n…(?=\n)", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("(?:\n.*)*")));
        String answerFirst = "\n" + steady(ended.out() + ended.err()) + "\n";
        String answerLast = "\n" + steady(ended.err() + ended.out()) + "\n";
        if (!pattern.matcher(answerFirst).matches()
                && !pattern.matcher(answerLast).matches()) {
            assertThat(answerLast.strip()).as(exchange.typed()).isEqualTo(shown);
        }
        return ended.code();
    }

    private static String steady(String shown) {
        String text = shown.lines().filter(PROGRESS.negate()).collect(Collectors.joining("\n"));
        for (Pattern varying : VARYING) {
            text = varying.matcher(text).replaceAll("…");
        }
        return text.replaceAll(" +", " ").strip();
    }

    private static List<Exchange> session(Path page) throws IOException {
        List<Exchange> session = new ArrayList<>();
        List<String> blocks = CONSOLE.matcher(Files.readString(page))
                .results()
                .map(found -> found.group(1))
                .toList();
        for (String block : blocks) {
            for (String exchange : block.split("(?m)^\\$ ", -1)) {
                if (!exchange.isBlank()) {
                    String[] parts = exchange.split("\n", 2);
                    session.add(new Exchange(parts[0], parts.length == 2 ? parts[1] : ""));
                }
            }
        }
        return session;
    }
}
