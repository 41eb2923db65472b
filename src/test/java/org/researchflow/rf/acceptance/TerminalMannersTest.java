package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/**
 * How the packaged command behaves between a shell, a pipe, a terminal and a signal. The terminal is that of util-linux's
 * {@code script}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "script takes other arguments elsewhere")
class TerminalMannersTest {

    /** A patient whose names are two columns wide a letter, and one of as many letters. */
    private static final String WIDE =
            "{\"resourceType\":\"Patient\",\"gender\":\"male\",\"name\":[{\"family\":\"山田\",\"given\":[\"太郎\"]}]}";

    private static final Pattern ISO = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d");

    private static final Pattern SPINNER = Pattern.compile("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]");

    private static final Pattern WORD = Pattern.compile("'[^']*'|\\S+");

    @TempDir
    private static Path folder;

    private static TestDatabase database;
    private static PackagedRf rf;

    @BeforeAll
    static void create() throws IOException, SQLException {
        database = TestPostgres.hapi880();
        new HapiServer(database).create("Patient", "yamada", WIDE);
        rf = PackagedRf.in(folder).on(database);
        Rf.on(database).run("views", "create-all").done();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"views list", "query --view condition_simple -o ndjson", "--help"})
    void readerThatLeavesEndsItWithoutAWord(String command) throws Exception {
        // Its reader is gone long before the first line.
        assertThat(rf.shell("rf " + command + " | true")).isEqualTo(new Ended(141, "", ""));
    }

    @Test
    void everyLocaleHasUtf8InAndOut() throws Exception {
        Ended ended = rf.with("LC_ALL", "C")
                .shell("rf query --view patient_simple --where 'id = yamada' -o csv; rf views sql Männer");
        assertThat(ended.out()).contains("山田", "太郎");
        assertThat(ended.err()).contains("\"Männer\"");
    }

    @Test
    void numbersAreWrittenAlikeEverywhere() throws Exception {
        String questions = "rf stats -o csv; rf views status -o table; rf query --gender male -o csv";
        Ended ended = rf.with("RF_JAVA_OPTS", "-Duser.language=de -Duser.country=DE")
                .with("RF_QUERY_LOG", "false")
                .shell(questions);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).doesNotContainPattern("\\d,\\d+ (ms|kB|MB|s)\\b");
        assertThat(ended.out()).startsWith("total_queries,");
    }

    @Test
    void closedStreamsDoNotHurt() throws Exception {
        assertThat(rf.shell("rf query --gender male -o csv <&-").lines()).hasSize(2);
        assertThat(rf.shell("rf query --gender male -o csv 2>&-").lines()).hasSize(2);
        Ended nowhere = rf.shell("rf query --gender male >&-");
        assertThat(nowhere.failed(1).err()).startsWith("rf: cannot write to standard output\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"query --view condition_simple -o ndjson", "--help", "views --version"})
    void fullDiskIsAnError(String command) throws Exception {
        Ended full = rf.shell("rf " + command + " >/dev/full").failed(1);
        assertThat(full.err()).contains("cannot write to standard output", "No space left on device");
    }

    @Test
    void versionOnAFullDiskIsAnErrorToo() throws Exception {
        assertThat(rf.shell("rf --version >/dev/full").failed(1).err())
                .isEqualTo("rf: cannot write to standard output\n");
        assertThat(rf.shell("rf views list 2>/dev/full").done().out()).isNotEmpty();
    }

    @Test
    void pipesGetNoEscapesAndExactTimes() throws Exception {
        Ended ended = rf.shell("rf views list; rf views refresh-all; rf views lst; rf --help");
        assertThat(ended.out() + ended.err()).doesNotContain("\033", "\r", " ago");
        assertThat(ended.out()).containsPattern(ISO);
        assertThat(ended.err()).containsPattern("(?m)^" + ISO + "Z refresh condition_simple ok ");
    }

    @Test
    void colourFollowsTheTerminalAndWhatIsSaidAboutIt() throws Exception {
        String bold = "\033[1m";
        String red = "\033[31m";
        assertThat(rf.terminal(100, "rf views list").out()).contains(bold);
        // Whatever standard input is, and each stream by itself.
        assertThat(rf.terminal(100, "rf views list </dev/null").out()).contains(bold);
        assertThat(rf.terminal(100, "rf views lst | cat").out()).contains(red);
        assertThat(rf.terminal(100, "rf views list | cat").out()).doesNotContain("\033");
        assertThat(rf.with("NO_COLOR", "1")
                        .terminal(100, "rf views list; rf views lst")
                        .out())
                .contains("did you mean")
                .doesNotContain("\033");
        assertThat(rf.terminal(100, "rf views list --color never").out()).doesNotContain("\033");
        assertThat(rf.with("CLICOLOR_FORCE", "1").shell("rf views list").out()).contains(bold);
        assertThat(rf.with("NO_COLOR", "1")
                        .shell("rf views list --color=always")
                        .out())
                .contains(bold);
    }

    @Test
    void dumbTerminalGetsPlainLines() throws Exception {
        Ended ended = rf.with("TERM", "dumb").terminal(100, "rf views list; rf views refresh-all");
        assertThat(ended.out()).contains(" ago", "refresh condition_simple ok").doesNotContain("\033");
    }

    @Test
    void narrowTerminalGetsNarrowTables() throws Exception {
        String command = "rf query --view patient_simple --limit 5";
        Ended narrow = rf.terminal(72, command + " 2>/dev/null; rf views list --help");
        assertThat(narrow.out()).contains("…");
        assertThat(narrow.out().lines())
                .allSatisfy(line -> assertThat(plain(line).length()).isLessThanOrEqualTo(72));
        assertThat(rf.shell(command).out()).doesNotContain("…");
        assertThat(rf.with("COLUMNS", "30").shell(command).out()).doesNotContain("…");
        // What moves below is as narrow where the answer goes elsewhere.
        Ended apart = rf.terminal(30, "rf views create-all --replace >/dev/null");
        assertThat(apart.out().lines().filter(line -> SPINNER.matcher(line).find()))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(plain(line).length()).isLessThan(30));
    }

    @Test
    void wideLettersFillTwoColumns() throws Exception {
        Ended ended = rf.terminal(120, "rf query --view patient_simple --where 'id = yamada' --color never");
        assertThat(ended.out()).startsWith("""
                id      gender  birth_date  birth_date_low  birth_date_high  family  given  active  deceased
                yamada  male    -           -               -                山田    太郎   -       -
                """);
    }

    @Test
    void ctrlCStopsTheStatementOnTheServer() throws Exception {
        String waiting = "select count(*) from pg_stat_activity where datname = current_database()"
                + " and wait_event_type = 'Lock'";
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table hfj_resource");
            PackagedRf.Running running =
                    rf.onTerminal(100, "rf query --runner postgres --gender male; echo \"exit $?\"; exec rf --version");
            await(waiting, 1);
            running.type("\003");
            await(waiting, 0);
            Ended ended = running.end();
            assertThat(ended.out()).contains("interrupted", "exit 130").doesNotContain("Exception");
        }
    }

    @Test
    void quietSaysNothingButErrorsAndVerboseSaysTheSql() throws Exception {
        Ended quiet = rf.shell("rf views refresh-all -q").done();
        assertThat(quiet.err()).isEmpty();
        assertThat(rf.shell("rf views lst -q").failed(2).err()).startsWith("rf: no command named");
        Ended verbose = rf.shell("rf query --gender male -v").done();
        assertThat(verbose.err()).contains("select", " ms");
    }

    @Test
    void errorsForProgramsAreOneLineOfJson() throws Exception {
        for (String command : List.of("views sql nobody", "views lst", "query --colour", "views sql nobody -v")) {
            Ended ended = rf.shell("rf " + command + " -o json").failed(2);
            assertThat(ended.err().lines()).hasSize(1);
            assertThat(Json.parse(ended.err()).at("exit").text()).isEqualTo("2");
        }
        Ended away = rf.with("RF_DB_URL", "postgresql://rf@127.0.0.1:1/x").shell("rf views list -o ndjson");
        assertThat(Json.parse(away.failed(5).err()).at("schema").text()).isEqualTo("rf.error/v1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            veiws list                                         ; views
            views lst                                          ; list
            views list --verbse                                ; --verbose
            views list -o jsno                                 ; json
            views sql conditon_simple                          ; condition_simple
            views refresh patient_simpel                       ; patient_simple
            query --view observation_lab                       ; observation_labs
            query --view patient_simple --where 'gendr = male' ; gender
            query --runner hybird                              ; hybrid
            query --gender mael                                ; male
            query --code 'snomet|73211009'                     ; snomed|…
            query --by gendr                                   ; gender
            config show database.prot                          ; database.port
            views create-all --pack fhri                       ; fhir
            """)
    void whatWasMeantIsSaid(String command, String meant) throws Exception {
        List<String> words = WORD.matcher(command)
                .results()
                .map(MatchResult::group)
                .map(word -> word.replace("'", ""))
                .toList();
        Ended ended = Rf.on(database).run(words.toArray(String[]::new)).failed(2);
        assertThat(ended.err().lines().findFirst().orElse("")).endsWith("did you mean:  " + meant + " ?");
    }

    @Test
    void dropAsksOnATerminalAndWantsYesElsewhere() throws Exception {
        PackagedRf.Running running = rf.onTerminal(100, "rf views drop encounter_simple");
        running.type("encounter\n");
        Ended kept = running.end();
        assertThat(kept.code()).isEqualTo(1);
        assertThat(kept.out()).contains("Type its name to go on:", "nothing was dropped");
        assertThat(rf.shell("rf views drop encounter_simple </dev/null")
                        .failed(2)
                        .err())
                .contains("try: rf views drop encounter_simple --yes");
    }

    @Test
    void progressMovesOnATerminalAndIsALogElsewhere() throws Exception {
        Path patients = Files.writeString(
                folder.resolve("Patient.ndjson"),
                "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n",
                StandardCharsets.UTF_8);
        try (TestDatabase loaded = TestPostgres.empty()) {
            moves(rf, "rf views create condition_simple --replace");
            moves(rf, "rf views refresh condition_simple --rebuild");
            moves(rf.on(loaded), "rf load " + patients);
        }
    }

    private static void moves(PackagedRf where, String command) throws Exception {
        Ended seen = where.terminal(100, command);
        assertThat(seen.out()).as(command).containsPattern(SPINNER).contains("\033[J");
        Ended piped = where.shell(command).done();
        assertThat(piped.err())
                .as(command)
                .containsPattern(ISO)
                .doesNotContainPattern(SPINNER)
                .doesNotContain("\033");
    }

    @Test
    void longWaitsAreSeenOnATerminal() throws Exception {
        try (TestRedis redis = TestRedis.start()) {
            PackagedRf polling = rf.with("RF_REDIS_URL", redis.url());
            waits(polling, "rf poll-fhir", "Reading what changed");
            waits(rf, "rf views verify patient_simple", "Computing 1 view anew");
            waits(rf, "rf query --runner postgres --gender male", "Counting patients");
            Ended piped = polling.shell("rf poll-fhir").done();
            assertThat(piped.err()).isEmpty();
            assertThat(piped.out()).containsPattern("^" + ISO + "\\S* poll round ");
        }
    }

    /** Runs it while somebody holds HAPI's tables, until it says what it waits for. */
    private static void waits(PackagedRf where, String command, String what) throws Exception {
        PackagedRf.Running running;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table hfj_resource, hfj_res_ver");
            running = where.onTerminal(100, command);
            Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
            while (!Files.readString(running.out()).contains(what)) {
                assertThat(Instant.now()).as(Files.readString(running.out())).isBefore(deadline);
            }
            connection.rollback();
        }
        Ended ended = running.end().done();
        // It is gone before the answer comes.
        assertThat(ended.out().substring(ended.out().lastIndexOf(what))).contains("\033[J");
    }

    private static String plain(String line) {
        return line.replaceAll("\033\\[[0-9;]*[A-Za-z]", "");
    }

    private static void await(String count, long expected) throws SQLException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (database.count(count) != expected) {
            assertThat(Instant.now()).isBefore(deadline);
        }
    }
}
