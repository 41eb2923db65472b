package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cli.CommandLineFixture.Ended;

/** What standard error says: errors, warnings, progress. */
class MessagesTest {

    private static final CommandLineFixture RF = CommandLineFixture.trial();

    @Test
    void notesAreAligned() {
        Failure failure = Failure.unreachable("cannot reach PostgreSQL at db.local:5432")
                .note("why", "connection refused")
                .note("from", "host and port from PGHOST")
                .note("try", "rf doctor\nor, with no database at hand:  rf demo");
        assertThat(FailurePrinter.error(failure, ExitCode.UNREACHABLE, OutputFormat.TABLE, Style.PLAIN, false))
                .isEqualTo("""
                        rf: cannot reach PostgreSQL at db.local:5432
                            why:  connection refused
                            from: host and port from PGHOST
                            try:  rf doctor
                                  or, with no database at hand:  rf demo""");
    }

    @Test
    void whatMayBeMeantStandsOnTheFirstLine() {
        Failure failure = Failure.usage("no view named \"a\033\"\n  excerpt")
                .note("did you mean", "b")
                .note("did you mean", "c");
        assertThat(FailurePrinter.error(failure, ExitCode.USAGE, OutputFormat.TABLE, Style.PLAIN, false))
                .isEqualTo("rf: no view named \"a\\u001b\"      did you mean:  b, c ?\n      excerpt");
    }

    @Test
    void excerptStandsBelowTheMessage() {
        Ended ended = RF.run("query", "--fail", "usage");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).isEqualTo("""
                rf: invalid FHIRPath at condition_simple.json:14:33, column "onset"
                       14 |   "path": "onset.ofType(dateTime"
                          |                                 ^ expected ')' here
                """);
    }

    @Test
    void causesAreShownToWhoAsks() {
        assertThat(RF.run("query", "--fail", "caused").err()).isEqualTo("rf: cannot refresh\n");
        assertThat(RF.run("query", "--fail", "caused", "-v").err()).isEqualTo("""
                rf: cannot refresh
                    cause: SQLException (SQLSTATE 22007)
                """);
    }

    @Test
    void errorsThatNobodyExplainedKeepDataToThemselves() {
        assertThat(RF.run("query", "--fail", "sql").err())
                .isEqualTo("rf: PostgreSQL: SQLException (SQLSTATE 42P01): ERROR: relation \"x\" does not exist\n");
        for (String how : List.of("sql", "data", "wrapped", "caused", "number")) {
            Ended ended = RF.run("query", "--fail", how, "-v");
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).doesNotContain("canary");
        }
    }

    @Test
    void mistakeInRfNamesTheVersionAndThePlace() {
        Ended ended = RF.run("query", "--fail", "bug");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith("rf: this is a mistake in rf " + Main.version() + ": IllegalStateException: nothing here\n"
                        + "    try: the same command with -v, and report what it prints\n"
                        + "    at:  org.researchflow.rf.cli.TrialCommands$Query.run(")
                .hasLineCount(3);
        assertThat(RF.run("query", "--fail", "bug", "-v").err())
                .contains("\n    at org.researchflow.rf.cli.CommandRun");
    }

    @Test
    void interruptedRunSaysWhatItLeaves() {
        assertThat(CommandLineFixture.trial().run("query", "--fail", "interrupted"))
                .isEqualTo(
                        new Ended(130, "", "rf: interrupted: the statement was cancelled\n    keeps its contents\n"));
    }

    @Test
    void warningsGoToStandardError() {
        assertThat(RF.run("query"))
                .isEqualTo(new Ended(
                        0,
                        "30 patients\n",
                        "rf: warning: speed layer not used\n    recomputed instead\nusing the sandbox\n"));
        assertThat(RF.run("query", "-o", "json").err())
                .isEqualTo("{\"schema\":\"rf.warning/v1\",\"warning\":\"speed layer not used\","
                        + "\"notes\":{\"\":[\"recomputed instead\"]}}\n");
        assertThat(RF.run("query", "-q").err()).isEmpty();
        assertThat(RF.run("query", "-v").err()).endsWith("using the sandbox\nselect 1\n");
    }

    @Test
    void logHasADatedLineForEachPiece() {
        Ended ended = RF.run("views", "create", "condition_simple", "bad");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).isEqualTo("""
                2026-11-20T05:15:00Z Creating 1 view
                2026-11-20T05:15:00Z Creating 1 view: done took=0.0s
                2026-11-20T05:15:00Z create condition_simple ok rows=4714 took=0.0s
                2026-11-20T05:15:00Z create bad FAILED no such table took=0.0s
                2026-11-20T05:15:00Z create PARTIAL exit=3
                """);
    }

    @Test
    void logIsJsonWhereThatIsAskedFor() {
        String lines = """
                {"schema":"rf.log/v1","at":"2026-11-20T05:15:00Z","level":"info","event":"begun","what":"Creating 1 view"}
                {"schema":"rf.log/v1","at":"2026-11-20T05:15:00Z","level":"info","event":"step","what":"Creating 1 view",\
                "outcome":"done","seconds":0.0}
                {"schema":"rf.log/v1","at":"2026-11-20T05:15:00Z","level":"info","event":"create",\
                "view":"condition_simple","outcome":"ok","rows":4714,"seconds":0.0}
                {"schema":"rf.log/v1","at":"2026-11-20T05:15:00Z","level":"error","event":"create","view":"bad",\
                "outcome":"failed","error":"no such table","seconds":0.0}
                {"schema":"rf.log/v1","at":"2026-11-20T05:15:00Z","level":"info","event":"create","outcome":"partial",\
                "exit":3}
                """;
        String[] command = {"views", "create", "condition_simple", "bad"};
        assertThat(CommandLineFixture.trial()
                        .with(Map.of("RF_LOG_FORMAT", "json"))
                        .run(command)
                        .err())
                .isEqualTo(lines);
        // Neither a terminal nor the form of the answer changes that.
        assertThat(CommandLineFixture.trial()
                        .on(new Terminal(true, true, true, 80))
                        .run("views", "create", "condition_simple", "bad", "--log-format", "json", "-o", "json")
                        .err())
                .isEqualTo(lines);
        assertThat(RF.run("query", "--log-format=json", "-v")).isEqualTo(new Ended(0, "30 patients\n", """
                        {"schema":"rf.warning/v1","at":"2026-11-20T05:15:00Z","level":"warning",\
                        "warning":"speed layer not used","notes":{"":["recomputed instead"]}}
                        {"schema":"rf.log/v1","at":"2026-11-20T05:15:00Z","level":"info","event":"remark",\
                        "text":"using the sandbox"}
                        {"schema":"rf.log/v1","at":"2026-11-20T05:15:00Z","level":"debug","event":"detail","text":"select 1"}
                        """));
        assertThat(RF.run("query", "--nonsense", "--log-format", "json").err())
                .startsWith("{\"schema\":\"rf.error/v1\",\"at\":\"2026-11-20T05:15:00Z\",\"level\":\"error\",")
                .contains("\"exit\":2")
                .hasLineCount(1);
        assertThat(CommandLineFixture.trial()
                        .with(Map.of("RF_LOG_FORMAT", "xml"))
                        .run("query"))
                .isEqualTo(new Ended(
                        2, "", "rf: a log is text or json\n    from: RF_LOG_FORMAT\n    try:  RF_LOG_FORMAT=json\n"));
    }

    @Test
    void quietLogHasFailuresOnly() {
        assertThat(RF.run("views", "create", "condition_simple", "bad", "-q").err())
                .isEqualTo("2026-11-20T05:15:00Z create bad FAILED no such table took=0.0s\n");
    }

    @Test
    void terminalShowsLiveLinesThatEndInATick() {
        String err = CommandLineFixture.trial()
                .on(new Terminal(true, true, true, 80))
                .with(Map.of("NO_COLOR", "1"))
                .run("views", "create", "condition_simple", "bad")
                .err();
        assertThat(err)
                .contains(
                        " ⠋ condition_simple  0.0 s\n\r\033[1A\033[J ✓ condition_simple  4 714 rows                0.0 s\n")
                .contains(" ✗ bad               no such table             0.0 s\n")
                .doesNotContain("2026");
    }

    @Test
    void workThatNeverEndedLeavesNoLineBelowTheError() {
        assertThat(CommandLineFixture.trial()
                        .on(new Terminal(true, true, true, 80))
                        .with(Map.of("NO_COLOR", "1"))
                        .run("views", "create", "lost")
                        .err())
                .endsWith(" ⠋ lost  0.0 s\n\r\033[1A\033[Jrf: lost the connection to PostgreSQL\n");
    }

    @Test
    void dumbTerminalGetsNoEscapes() {
        assertThat(CommandLineFixture.trial()
                        .on(new Terminal(true, true, true, 80))
                        .with(Map.of("TERM", "dumb"))
                        .run("views", "create", "a")
                        .err())
                .doesNotContain("\033");
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, TERM, xterm, true, COLOURED",
        "AUTO, TERM, xterm, false, PLAIN",
        "AUTO, TERM, dumb, true, PLAIN",
        "AUTO, NO_COLOR, 1, true, PLAIN",
        "AUTO, NO_COLOR, '', true, COLOURED",
        "AUTO, CLICOLOR_FORCE, 1, false, COLOURED",
        "AUTO, CLICOLOR_FORCE, 0, false, PLAIN",
        "ALWAYS, NO_COLOR, 1, false, COLOURED",
        "NEVER, CLICOLOR_FORCE, 1, true, PLAIN",
    })
    void colourFollowsFlagThenEnvironmentThenTerminal(
            Style.Choice choice, String variable, String value, boolean terminal, Style expected) {
        assertThat(Style.of(choice, Environment.of(Map.of(variable, value)), terminal))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"XDG_DATA_HOME", "UNRELATED"})
    void foldersFollowXdgAndIgnoreRelativePaths(String variable) {
        assertThat(Environment.of(Map.of("HOME", "/home/u", variable, "relative"))
                        .dataFolder())
                .hasToString("/home/u/.local/share/rf");
        assertThat(Environment.of(Map.of("HOME", "/home/u", "XDG_DATA_HOME", "/data"))
                        .dataFolder())
                .hasToString("/data/rf");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 bytes", "10239, 10 239 bytes", "49152, 48 kB", "11534336, 11 MB", "5000000000, 4 768 MB"})
    void sizesReadAsPostgresqlWritesThem(long bytes, String text) {
        assertThat(new Wording(false, java.time.Clock.systemUTC()).size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"5, 5 s ago", "125, 2 min ago", "86400, 24 h ago", "400000, 4 days ago", "-10, 0 s ago"})
    void agesAreShort(long seconds, String text) {
        var clock = java.time.Clock.fixed(CommandLineFixture.NOW, java.time.ZoneOffset.UTC);
        assertThat(new Wording(false, clock).age(CommandLineFixture.NOW.minusSeconds(seconds)))
                .isEqualTo(text);
    }
}
