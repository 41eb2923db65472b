package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.cli.CommandLineFixture.Ended;
import picocli.CommandLine;

/**
 * Every command by itself: its help, manual page and completions, what it prints as JSON, and what it says to an option
 * that it does not have and to a service that is away. The table is compared with the commands that there are.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EveryCommandTest {

    private static final Path PAGE = Path.of("docs", "JSON.md");

    /** What a command cannot do without. */
    enum Service {
        NOTHING,
        DATABASE,
        /** A Redis beside the database. */
        REDIS,
        /** The sandbox, which it starts or looks for itself. */
        SANDBOX
    }

    /** One line of the table. A command without a schema prints text whatever the format. */
    record Row(String command, Service service, String arguments, String schema) {
        @Override
        public String toString() {
            return "rf " + command + " " + arguments;
        }

        List<String> words() {
            return Stream.of(command.split(" ", -1), arguments.split(" ", -1))
                    .flatMap(Stream::of)
                    .filter(word -> !word.isEmpty())
                    .map(word -> word.replace("FOLDER", folder.toString()))
                    .toList();
        }
    }

    /** In an order in which they can be run one after the other; {@code -} where SandboxStoryTest runs it. */
    private static final String TABLE = """
            sandbox             | nothing  |                                               |
            sandbox start       | sandbox  |                                               | rf.sandbox/v1
            sandbox status      | sandbox  |                                               | rf.sandbox/v1
            completion          | nothing  | bash                                          |
            help                | nothing  |                                               |
            config              | nothing  |                                               |
            config show         | nothing  | --origin                                      | rf.config/v1
            config init         | nothing  | --print                                       |
            config init         | nothing  |                                               | rf.config/v1
            config validate     | nothing  |                                               | rf.configuration-files/v1
            grants              | database |                                               | rf.grants/v1
            doctor              | nothing  |                                               | rf.doctor/v1
            views               | nothing  |                                               |
            views create-all    | database |                                               | rf.run/v1
            bench               | database | --query diabetes --runs 1 --duration 50ms --warmup 9ms | rf.bench/v1
            views create        | database | -f docs/examples/patients_by_gender.sql       | rf.run/v1
            views validate      | nothing  | docs/examples/body_weight.json                | rf.validation/v1
            views preview       | database | docs/examples/body_weight.json -n 1           | rf.rows/v1
            views sql           | database | patient_simple                                |
            views set           | database | patient_simple --refresh-interval 1h          | rf.schedules/v1
            views refresh       | database | patient_simple                                | rf.run/v1
            views refresh       | database | patient_simple --rebuild --dry-run            | rf.dry-run/v1
            views refresh-all   | database |                                               | rf.run/v1
            views refresh-stale | database |                                               | rf.run/v1
            views watch         | database |                                               | rf.watch/v1
            views list          | database |                                               | rf.views/v1
            views status        | database |                                               | rf.status/v1
            views info          | database | patient_simple                                | rf.view/v1
            views health        | database |                                               | rf.health/v1
            views verify        | database | patient_simple                                | rf.verify/v1
            speed               | nothing  |                                               |
            poll-fhir           | redis    |                                               | rf.poll/v1
            speed status        | redis    |                                               | rf.speed/v1
            speed purge         | redis    | --yes                                         | rf.speed/v1
            speed flush         | redis    | --yes                                         | rf.speed/v1
            query               | database | --gender male                                 | rf.query/v1
            query               | database | --gender male --min-cell 1000                 | rf.query/v1
            query               | database | --gender male --explain --show-sql            | rf.query/v1
            query               | database | --gender male --count-by-view                 | rf.query/v1
            query               | database | --gender male --by gender                     | rf.query/v1
            query               | database | --gender male --ids                           | rf.query/v1
            query               | database | --gender male --rows                          | rf.rows/v1
            query               | database | --view patient_simple --limit 1               | rf.rows/v1
            query save          | database | men --gender male                             | rf.saved-query/v1
            query list          | database |                                               | rf.saved-queries/v1
            query describe      | database | men                                           | rf.saved-query/v1
            query describe      | nothing  | docs/examples/patients_with_code.sql          | rf.sql-query/v1
            query run           | database | men                                           | rf.query/v1
            stats               | database |                                               | rf.stats/v1
            load                | database | FOLDER/Patient.ndjson                         | rf.load/v1
            terminology         | nothing  |                                               |
            terminology load    | database | FOLDER/codes.csv --system icd10               | rf.terminology/v1
            terminology list    | database |                                               | rf.terminologies/v1
            terminology drop    | database | icd10 --yes                                   |
            conformance         | database | --suite FOLDER/suite --report FOLDER/r.json   | rf.conformance/v1
            query delete        | database | men --yes                                     |
            views drop          | database | patients_by_gender --yes                      | rf.run/v1
            sandbox load        | sandbox  | kpi                                           | rf.sandbox-load/v1
            demo                | sandbox  | -                                             | rf.query/v1
            sandbox reset       | sandbox  | -                                             | rf.sandbox/v1
            sandbox stop        | sandbox  |                                               | rf.sandbox/v1
            """;

    private static final JsonMapper JSON = new JsonMapper();

    private static final JsonShapes SHAPES = new JsonShapes();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void write() throws IOException {
        Files.writeString(folder.resolve("Patient.ndjson"), "{\"resourceType\":\"Patient\",\"id\":\"a\"}\nnothing\n");
        Files.writeString(folder.resolve("codes.csv"), "code,parent\nE11,E10-E14\n");
        Files.copy(
                Path.of("src/test/resources/sql-on-fhir/basic.json"),
                Files.createDirectories(folder.resolve("suite")).resolve("basic.json"));
    }

    @AfterAll
    static void stop() {
        rf().run("sandbox", "stop");
    }

    static Stream<Row> runs() {
        return rows().filter(row -> !row.arguments().equals("-"));
    }

    static Stream<Row> rows() {
        return TABLE.lines()
                .map(line -> line.split("\\|", -1))
                .map(cells -> new Row(
                        cells[0].strip(),
                        Service.valueOf(cells[1].strip().toUpperCase(Locale.ROOT)),
                        cells[2].strip(),
                        cells[3].strip()));
    }

    @Test
    @Order(1)
    void noCommandIsForgotten() {
        Set<String> listed = rows().map(Row::command).collect(Collectors.toSet());
        assertThat(listed).containsExactlyInAnyOrderElementsOf(new CommandTree(Commands.ALL).typedNames());
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Order(2)
    void explainsItself(Row row) throws IOException {
        Ended help = rf().run((row.command() + " --help").split(" ", -1));
        assertThat(help.code()).isZero();
        assertThat(help.out()).startsWith("USAGE\n  rf " + row.command());
        String page = Files.readString(Path.of("man", "rf-" + row.command().replace(' ', '-') + ".1"));
        assertThat(page)
                .contains(
                        ".SH \"SYNOPSIS\"",
                        ".SH \"EXAMPLES\"",
                        ".SH \"ENVIRONMENT\"",
                        ".SH \"FILES\"",
                        ".SH \"EXIT STATUS\"");
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Order(2)
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no bash")
    void completesItsOptionsAndCommands(Row row) throws IOException, InterruptedException {
        CommandLine line = new CommandTree(Commands.ALL).whole();
        for (String name : row.command().split(" ", -1)) {
            line = Objects.requireNonNull(line.getSubcommands().get(name));
        }
        List<String> options = HelpText.own(line.getCommandSpec())
                .flatMap(option -> Stream.of(option.names()))
                .toList();
        assertThat(offered(row.command(), "-")).containsAll(options).contains("--output", "--help");
        List<String> words = offered(row.command(), "");
        assertThat(words).containsAll(line.getSubcommands().keySet());
        String zsh = Files.readString(Path.of("completions", "rf.zsh"));
        assertThat(zsh).contains("'" + row.command() + "')");
        String fish = Files.readString(Path.of("completions", "rf.fish"));
        assertThat(fish).contains(" " + line.getCommandName() + " '");
    }

    /** What bash offers for this word behind a command. */
    private static List<String> offered(String command, String word) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source completions/rf.bash; COMP_WORDS=(rf " + command + " '" + word
                                + "'); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); PATH=; _rf; printf '%s\n' \"${COMPREPLY[@]}\"")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> offered = bash.inputReader(StandardCharsets.UTF_8).readAllLines();
        assertThat(bash.waitFor()).isZero();
        return offered;
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Order(2)
    void doesNotGuessWhatAnUnknownOptionMeans(Row row) throws IOException {
        String[] words = (row.command() + " --zzz -o json").split(" ", -1);
        Ended ended = rf().run(words);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(JSON.readTree(ended.err()).path("error").asText())
                .isEqualTo("rf " + row.command() + " has no option --zzz");
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Order(3)
    void printsTheJsonThatIsDeclared(Row row) throws IOException {
        CommandLineFixture rf = rf();
        if (row.command().equals("views watch")) {
            rf.cancellation().askToStop();
        }
        Ended ended = rf.run(with(row.words(), "-o", "json"));
        assertThat(ended.code()).as(ended.err()).isIn(0, 3, 4);
        if (row.schema().isEmpty()) {
            assertThat(ended.out()).doesNotStartWith("{");
            return;
        }
        try (MappingIterator<JsonNode> documents =
                JSON.readerFor(JsonNode.class).readValues(ended.out())) {
            assertThat(documents.hasNext()).as(ended.err()).isTrue();
            documents.forEachRemaining(document -> {
                assertThat(document.path("schema").asText()).isEqualTo(row.schema());
                SHAPES.saw(row.command(), document);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Order(3)
    void saysWhichServiceIsAway(Row row) throws IOException {
        String missing = switch (row.service()) {
            case DATABASE -> "cannot reach PostgreSQL at 127.0.0.1:1";
            case REDIS -> "127.0.0.1:1";
            case NOTHING, SANDBOX -> "";
        };
        if (!missing.isEmpty()) {
            Map<String, String> away = new HashMap<>(variables());
            away.put("RF_DB_URL", "postgresql://rf@127.0.0.1:1/away");
            away.put("RF_REDIS_URL", "redis://127.0.0.1:1");
            Ended ended = CommandLineFixture.rf().with(away).run(with(row.words(), "-o", "json"));
            assertThat(ended.code()).as(ended.err()).isEqualTo(5);
            assertThat(ended.out()).isEmpty();
            String last = ended.err().lines().toList().getLast();
            assertThat(JSON.readTree(last).path("error").asText()).contains(missing);
        }
    }

    @Test
    @Order(4)
    void jsonIsWhatThePageSays() throws IOException {
        String page = Files.readString(PAGE);
        JsonShapes declared = JsonShapes.read(page);
        if (System.getProperty("rf.golden", "").equals("write")) {
            int tables = page.indexOf("\n## `rf.");
            Files.writeString(PAGE, page.substring(0, tables < 0 ? page.length() : tables) + SHAPES.markdown(declared));
            return;
        }
        assertThat(SHAPES.against(declared)).isEmpty();
    }

    private static String[] with(List<String> words, String... more) {
        return Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private static Map<String, String> variables() {
        return Map.of(
                "HOME",
                folder.toString(),
                "XDG_CONFIG_DIRS",
                folder.resolve("none").toString(),
                "RF_SOURCE",
                "hapi");
    }

    private static CommandLineFixture rf() {
        return CommandLineFixture.rf().with(variables());
    }
}
