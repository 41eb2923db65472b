package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.cli.CommandLineFixture.Ended;

/** From arguments to exit codes: what is run, what is rejected, and in which words. */
class CommandLineTest {

    private static final CommandLineFixture TRIAL = CommandLineFixture.trial();

    @Test
    void nothingTypedPrintsTheHelp() {
        Ended ended = CommandLineFixture.rf().run();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("USAGE\n  rf [options] COMMAND\n", "--db-url URL", "EXIT CODES", "141");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void groupWithoutACommandPrintsItsHelp() {
        Ended ended = TRIAL.run("views");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("rf views [options] COMMAND", "LOOK\n  list     Lists the views.", "MAKE\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void versionIsPrinted(String flag) {
        assertThat(TRIAL.run(flag)).isEqualTo(new Ended(0, "rf " + Main.version() + "\n", ""));
        assertThat(TRIAL.run("views", "list", flag)).isEqualTo(TRIAL.run(flag));
    }

    static Stream<List<String>> commands() {
        return Stream.of(Commands.ALL, TrialCommands.ALL)
                .flatMap(entries -> new CommandTree(entries).typedNames().stream())
                .distinct()
                .map(name -> List.of(name.split(" ")));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItself(List<String> command) {
        Ended help = anyRf(command).run(with(command, "--help"));
        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("USAGE\n  rf " + String.join(" ", command), "EXAMPLES\n  rf ");
        assertThat(help.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(help.out()).doesNotContain("\033");
        String[] words = Stream.concat(Stream.of("help"), command.stream()).toArray(String[]::new);
        assertThat(anyRf(command).run(words)).isEqualTo(help);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandRejectsAMisspeltOption(List<String> command) {
        assertThat(anyRf(command).run(with(command, "--sandbx")))
                .isEqualTo(new Ended(
                        2,
                        "",
                        "rf: rf " + String.join(" ", command)
                                + " has no option --sandbx      did you mean:  --sandbox ?\n"));
    }

    @Test
    void misspeltCommandIsCorrected() {
        assertThat(TRIAL.run("veiws"))
                .isEqualTo(new Ended(2, "", "rf: no command named \"veiws\"      did you mean:  views ?\n"));
        assertThat(TRIAL.run("views", "lits").err())
                .isEqualTo("rf: no command named \"lits\" in rf views      did you mean:  list ?\n");
        assertThat(TRIAL.run("list").err())
                .isEqualTo("rf: no command named \"list\"      did you mean:  views list ?\n");
        assertThat(TRIAL.run("veiws", "list", "query").err())
                .isEqualTo("rf: no command named \"veiws\"      did you mean:  views ?\n");
        assertThat(TRIAL.run("help", "qerry").err())
                .isEqualTo("rf: no command named \"qerry\"      did you mean:  query ?\n");
    }

    @Test
    void unknownWordsPointToTheHelp() {
        assertThat(TRIAL.run("banana").err()).isEqualTo("""
                rf: no command named "banana"
                    try: rf --help
                """);
        assertThat(TRIAL.run("views", "list", "banana").err()).isEqualTo("""
                rf: rf views list does not take the argument "banana"
                    try: rf views list --help
                """);
    }

    @Test
    void whatMayBeASecretIsNotRepeated() {
        assertThat(TRIAL.run("query", "--password=canary").err()).isEqualTo("""
                rf: rf query has no option --password
                    try: rf query --help
                """);
        assertThat(TRIAL.run("query", "--password", "canary").err()).doesNotContain("canary");
        assertThat(TRIAL.run("query", "-pcanary").err()).doesNotContain("canary");
        assertThat(TRIAL.run("query", "postgresql://rf:canary@host/db").err()).doesNotContain("canary");
    }

    @Test
    void valueThatBeginsWithAHyphenIsNamed() {
        String named = """
                rf: --count cannot have a value that begins with -
                    try: rf views numbers --help
                """;
        assertThat(TRIAL.run("views", "numbers", "--count=-x1").err()).isEqualTo(named);
        assertThat(TRIAL.run("views", "numbers", "--count", "-x1").err()).isEqualTo(named);
    }

    @Test
    void valuesAreChecked() {
        assertThat(TRIAL.run("query", "-o", "jsn"))
                .isEqualTo(
                        new Ended(
                                2,
                                "",
                                "rf: --output can be table, json, ndjson, csv or markdown, not \"jsn\"      did you mean:  json ?\n"));
        assertThat(TRIAL.run("views", "numbers", "--count", "many").err()).isEqualTo("""
                rf: invalid value for --count
                    why: 'many' is not an int
                    try: rf views numbers --help
                """);
        assertThat(TRIAL.run("query", "--db-url").err()).isEqualTo("""
                rf: --db-url needs a value: URL
                    try: rf query --help
                """);
        assertThat(TRIAL.run("query", "--db-url", "--sandbox").err()).isEqualTo("""
                rf: --db-url needs a value: URL
                    try: rf query --help
                """);
        assertThat(TRIAL.run("views", "create").err()).isEqualTo("""
                rf: rf views create needs NAME
                    try: rf views create --help
                """);
        assertThat(TRIAL.run("query", "--gender", "male", "--gender", "female").err())
                .isEqualTo("""
                rf: --gender can be given only once
                    try: rf query --help
                """);
        assertThat(TRIAL.run("query", "-q", "-v").err()).isEqualTo("rf: --quiet and --verbose exclude each other\n");
    }

    @Test
    void errorOfABadCommandLineHasTheFormatThatItAskedFor() {
        assertThat(TRIAL.run("qerry", "-o", "json"))
                .isEqualTo(new Ended(
                        2,
                        "",
                        "{\"schema\":\"rf.error/v1\",\"error\":\"no command named \\\"qerry\\\"\",\"kind\":\"usage\","
                                + "\"exit\":2,\"notes\":{\"did you mean\":[\"query\"]}}\n"));
        assertThat(TRIAL.run("query", "--output=NDJSON", "--nonsense").err()).startsWith("{\"schema\":\"rf.error/v1\"");
    }

    @Test
    void globalOptionsStandBeforeOrAfterTheCommand() {
        Ended before = TRIAL.run("--db-url", "u", "--sandbox", "--hapi-time-zone", "Europe/Paris", "settings");
        assertThat(before.out()).isEqualTo("u true public Europe/Paris\n");
        assertThat(TRIAL.run("settings", "--db-url", "u", "--sandbox", "--hapi-time-zone", "Europe/Paris"))
                .isEqualTo(before);
        assertThat(TRIAL.run("-o", "json", "views", "numbers")).isEqualTo(TRIAL.run("views", "numbers", "-oJSON"));
        assertThat(TRIAL.run("views", "-o", "json", "numbers")).isEqualTo(TRIAL.run("views", "numbers", "-oJSON"));
    }

    @Test
    void flagBeatsEnvironmentAndEnvironmentBeatsDefault() {
        CommandLineFixture rf =
                CommandLineFixture.trial().with(Map.of("RF_HAPI_SCHEMA", "hapi", "RF_HAPI_TIME_ZONE", "Asia/Tokyo"));
        assertThat(rf.run("settings").out()).isEqualTo("no url false hapi Asia/Tokyo\n");
        assertThat(rf.run("settings", "--hapi-schema", "other").out()).isEqualTo("no url false other Asia/Tokyo\n");
        assertThat(TRIAL.run("settings").out()).isEqualTo("no url false public UTC\n");
    }

    @Test
    void unknownTimeZoneIsCorrected() {
        assertThat(TRIAL.run("settings", "--hapi-time-zone", "Europe/Pariss")).isEqualTo(new Ended(2, "", """
                        rf: no time zone named "Europe/Pariss"      did you mean:  Europe/Paris ?
                            from: --hapi-time-zone
                            try:  a name such as Europe/Paris or America/New_York, or an offset such as +02:00
                        """));
    }

    private static CommandLineFixture anyRf(List<String> command) {
        boolean own = new CommandTree(Commands.ALL).typedNames().contains(String.join(" ", command));
        return own ? CommandLineFixture.rf() : CommandLineFixture.trial();
    }

    private static String[] with(List<String> command, String more) {
        return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
    }
}
