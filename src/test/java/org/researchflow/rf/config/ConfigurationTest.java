package org.researchflow.rf.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.researchflow.rf.Failure;

/** Who is stronger, and what is wrong with files. */
class ConfigurationTest {

    @TempDir
    Path home;

    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void nothingOfThisMachine() {
        environment.put("XDG_CONFIG_DIRS", home.resolve("xdg").toString());
    }

    private void file(String text) throws IOException {
        file(home.resolve(".config/rf/config.toml"), text);
    }

    private static void file(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Configuration configuration() {
        return Configuration.of(environment, home);
    }

    private static String inShort(Optional<ConfigValue> value) {
        return value.map(found -> found.text() + " from " + found.origin()).orElse("nothing");
    }

    @Test
    void theStrongestCounts() throws IOException {
        assertThat(inShort(configuration().get(ConfigKey.RUNNER))).isEqualTo("nothing");
        assertThat(configuration().require(ConfigKey.RUNNER).origin()).isEqualTo("default");
        file(home.resolve("xdg/rf/config.toml"), "[query]\nrunner = \"speed\"\nmin_cell = 5\n");
        assertThat(inShort(configuration().get(ConfigKey.RUNNER))).isEqualTo("speed from ~/xdg/rf/config.toml:2");
        file("\n\n[query]\nrunner = \"postgres\"\n");
        assertThat(inShort(configuration().get(ConfigKey.RUNNER)))
                .isEqualTo("postgres from ~/.config/rf/config.toml:4");
        assertThat(inShort(configuration().get(ConfigKey.MIN_CELL))).isEqualTo("5 from ~/xdg/rf/config.toml:3");
        environment.put("VIEWDEF_RUNNER", "materialized");
        assertThat(inShort(configuration().get(ConfigKey.RUNNER))).isEqualTo("materialized from VIEWDEF_RUNNER");
        environment.put("RF_RUNNER", "hybrid");
        assertThat(inShort(configuration().get(ConfigKey.RUNNER))).isEqualTo("hybrid from RF_RUNNER");
        assertThat(inShort(configuration().get(ConfigKey.RUNNER, Optional.of("speed"))))
                .isEqualTo("speed from --runner");
        environment.put("RF_RUNNER", "  ");
        assertThat(inShort(configuration().get(ConfigKey.RUNNER))).isEqualTo("materialized from VIEWDEF_RUNNER");
    }

    @Test
    void variablesOfOtherProgramsAreWeakerThanTheOwnAndStrongerThanFiles() throws IOException {
        file("[redis]\nurl = \"redis://file\"\n");
        assertThat(inShort(configuration().get(ConfigKey.REDIS_URL)))
                .isEqualTo("redis://file from ~/.config/rf/config.toml:2");
        environment.put("REDIS_URL", "redis://other");
        assertThat(inShort(configuration().get(ConfigKey.REDIS_URL))).isEqualTo("redis://other from REDIS_URL");
        environment.put("RF_REDIS_URL", "redis://own");
        assertThat(inShort(configuration().get(ConfigKey.REDIS_URL))).isEqualTo("redis://own from RF_REDIS_URL");
        assertThat(inShort(configuration()
                        .with(Map.of(ConfigKey.REDIS_URL, "redis://typed"), Optional.empty())
                        .get(ConfigKey.REDIS_URL)))
                .isEqualTo("redis://typed from --redis-url");
    }

    @Test
    void profileStandsWhereItWasChosen() throws IOException {
        file("""
                default_profile = "mine"
                [redis]
                url = "redis://plain"
                [profile.mine.redis]
                url = "redis://mine"
                [profile.staging.redis]
                url = "redis://staging"
                """);
        assertThat(inShort(configuration().get(ConfigKey.REDIS_URL)))
                .isEqualTo("redis://mine from ~/.config/rf/config.toml:5");
        environment.put("REDIS_URL", "redis://other");
        assertThat(inShort(configuration().get(ConfigKey.REDIS_URL))).isEqualTo("redis://other from REDIS_URL");
        environment.put("RF_PROFILE", "staging");
        assertThat(inShort(configuration().get(ConfigKey.REDIS_URL)))
                .isEqualTo("redis://staging from ~/.config/rf/config.toml:7");
        environment.put("RF_REDIS_URL", "redis://own");
        assertThat(inShort(configuration().get(ConfigKey.REDIS_URL))).isEqualTo("redis://own from RF_REDIS_URL");
        assertThat(inShort(configuration().with(Map.of(), Optional.of("mine")).get(ConfigKey.REDIS_URL)))
                .isEqualTo("redis://mine from ~/.config/rf/config.toml:5");
        assertThatThrownBy(() ->
                        configuration().with(Map.of(), Optional.of("stagin")).get(ConfigKey.REDIS_URL))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what()).isEqualTo("no profile named \"stagin\"");
                    assertThat(failure.notes())
                            .isEqualTo(Map.of("from", List.of("--profile"), "did you mean", List.of("staging")));
                });
    }

    /** A file with semicolons for its line breaks, and what is wrong with it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [databse];url = "x"            | no settings named "databse" at F:1:1 {did you mean=[database]}
            [query];runer = "x"            | no setting "runer" in [query] at F:2:1 {did you mean=[runner]}
            [query];runner = "quick"       | query.runner at F:2:1 has a value that it cannot have {why=[it takes hybrid, materialized, postgres or speed]}
            [query];min_cell = "ten"       | query.min_cell at F:2:1 has a value that it cannot have {why=[it takes a whole number from 0 on]}
            [query];log_days = 0           | query.log_days at F:2:1 has a value that it cannot have {why=[it takes a whole number from 1 to 99999]}
            [database];port = 70000        | database.port at F:2:1 has a value that it cannot have {why=[it takes a whole number from 1 to 65535]}
            [query];log = true;[query]     | invalid TOML at F:3:1 {why=[the same stands in line 1 already]}
            [query];log = 1                | query.log at F:2:1 has a value that it cannot have {why=[it takes true or false]}
            [views];max_staleness = "soon" | views.max_staleness at F:2:1 has a value that it cannot have {why=[it takes a time such as 30s, 10m or 24h]}
            [database];url = "mysql://x"   | database.url at F:2:1 has a value that it cannot have {why=[it takes a URL such as postgresql://rf@db.example.org/hapi]}
            [source];hapi_time_zone = "X"  | source.hapi_time_zone at F:2:1 has a value that it cannot have {why=[it takes a time zone such as Europe/Paris or +02:00]}
            query = 1                      | "query" at F:1:1 is a table {try=[[query]   and below it   runner = …]}
            [profile];x = 1                | a profile is a table, and "x" at F:2:1 is none {try=[[profile.x.database]]}
            """)
    void problemsSayWhereTheyAre(String text, String expected) throws IOException {
        file(text.replace(";", "\n"));
        ConfigFile read = configuration().files().getFirst();
        assertThat(read.problems()).hasSize(1);
        Failure problem = read.problems().getFirst();
        assertThat((problem.what() + " " + problem.notes()).replace("~/.config/rf/config.toml", "F"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            canary       | 12 | ', ", ''', \""", a number, a boolean, a date/time, an array, or a table
            12canary     | 14 | a newline or end-of-input
            "a"canary    | 15 | a newline or end-of-input
            "a, expected canary | 31 | " or a character
            """)
    void badTomlIsNotQuoted(String value, int column, String expected) throws IOException {
        file("[database]\npassword = " + value + "\nurl = \"x\"\n");
        Failure problem = configuration().files().getFirst().problems().getFirst();
        assertThat(problem.what()).isEqualTo("invalid TOML at ~/.config/rf/config.toml:2:" + column);
        assertThat(problem.notes())
                .isEqualTo(Map.of(
                        "why",
                        List.of("expected " + expected),
                        "try",
                        List.of("text stands in quotes:  host = \"db.example.org\"")));
        assertThatThrownBy(() -> configuration().get(ConfigKey.RUNNER))
                .isInstanceOf(Failure.class)
                .hasMessage(problem.what());
    }

    @Test
    void listsAndNumbersAndTruthsAreTakenAsTomlHasThem() throws IOException {
        file("""
                [redis]
                keep = ["36h", "Observation=6h"]
                [query]
                log_days = 90
                min_cell = 11
                log = false
                """);
        assertThat(configuration().require(ConfigKey.REDIS_KEEP).text()).isEqualTo("36h,Observation=6h");
        assertThat(configuration().require(ConfigKey.MIN_CELL).text()).isEqualTo("11");
        assertThat(configuration().isOn(ConfigKey.QUERY_LOG)).isFalse();
    }

    @Test
    void fileWithAPasswordIsForItsOwnerAlone() throws IOException {
        file("[database]\nurl = \"postgresql://rf:canary@db/hapi\"\n");
        assertThat(configuration().warnings()).isEmpty();
        Files.setPosixFilePermissions(
                home.resolve(".config/rf/config.toml"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(configuration().warnings())
                .containsExactly("~/.config/rf/config.toml holds a password, and others can read it; run"
                        + "  chmod 600 ~/.config/rf/config.toml");
        file(home.resolve("xdg/rf/config.toml"), "[database]\nhost = \"db\"\n");
        assertThat(configuration().warnings()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://rf:canary@db/hapi                   | postgresql://rf:***@db/hapi
            postgresql://rf:can@ary@db/hapi                  | postgresql://rf:***@db/hapi
            postgresql://rf:can/ary@db/hapi                  | postgresql://rf:***@db/hapi
            postgresql://rf@db/hapi?password=canary&user=x   | postgresql://rf@db/hapi?password=***&user=x
            postgresql://rf@db/hapi                          | postgresql://rf@db/hapi
            redis://:canary@host:6379/0                      | redis://:***@host:6379/0
            """)
    void passwordsAreNotShown(String url, String shown) {
        ConfigValue value = new ConfigValue(url, ConfigValue.Source.VARIABLE, "X");
        assertThat(value.shown(ConfigKey.DATABASE_URL)).isEqualTo(shown);
        assertThat(value.shown(ConfigKey.DATABASE_PASSWORD)).isEqualTo("***");
        assertThat(value.toString()).doesNotContain("canary");
    }

    @Test
    void templateIsAValidFileThatSaysNothing() throws IOException {
        file(ConfigTemplate.of(Map.of()));
        assertThat(configuration().files().getFirst().problems()).isEmpty();
        assertThat(configuration().given()).isEmpty();
    }

    @Test
    void everyLineOfTheTemplateIsAValidSetting() throws IOException {
        String all = ConfigTemplate.of(Map.of()).replaceAll("(?m)^# ([a-z_]+ = )", "$1");
        file(all.substring(0, all.indexOf("\n# A profile")).replace("default_profile", "# default_profile"));
        assertThat(configuration().files().getFirst().problems()).isEmpty();
        assertThat(configuration().given()).hasSameSizeAs(ConfigKey.all());
    }

    @Test
    void noTwoSettingsShareAName() {
        Set<String> seen = new HashSet<>();
        ConfigKey.all().forEach(key -> {
            assertThat(seen.add(key.key())).as(key.key()).isTrue();
            key.ownVariables()
                    .forEach(name -> assertThat(seen.add(name)).as(name).isTrue());
        });
    }

    @Test
    void variableThatMeansNothingIsFound() {
        environment.put("RF_RUNER", "speed");
        environment.put("RF_RUNNER", "speed");
        assertThat(configuration().unknownVariables()).isEqualTo(Map.of("RF_RUNER", Optional.of("RF_RUNNER")));
    }
}
