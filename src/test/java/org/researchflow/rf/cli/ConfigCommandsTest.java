package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.cli.CommandLineFixture.Ended;

/** {@code rf config}, as a person uses it. */
class ConfigCommandsTest {

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void nothingOfThisMachine() {
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_DIRS", home.toString());
    }

    private Ended rf(String... args) {
        return CommandLineFixture.rf().with(environment).run(args);
    }

    private void file(String text) throws IOException {
        Path file = home.resolve(".config/rf/config.toml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void showSaysWhereEachValueCameFrom() throws IOException {
        file("[database]\nuser = \"rf\"\nhost = \"elsewhere\"\nport = 1\npassword = \"canary\"\n");
        environment.put("PGHOST", "db.local");
        environment.put("RF_RUNNER", "postgres");
        Ended shown = rf("config", "show", "--origin", "--hapi-schema", "hapi", "-o", "csv");
        assertThat(shown.code()).isZero();
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .contains(
                        "database.host,db.local,PGHOST\r\n",
                        "database.port,5432,default\r\n",
                        "database.user,rf,~/.config/rf/config.toml:2\r\n",
                        "source.hapi_schema,hapi,--hapi-schema\r\n",
                        "source.hapi_time_zone,UTC,default\r\n",
                        "query.runner,postgres,RF_RUNNER\r\n",
                        "redis.url,,\r\n")
                .doesNotContain("canary");
        environment.remove("PGHOST");
        Ended secret = rf("config", "show", "database", "-o", "csv");
        assertThat(secret.out())
                .contains("database.host,elsewhere,", "database.port,1,", "database.password,***,")
                .doesNotContain("canary", "query.runner");
    }

    @Test
    void urlIsShownAsWhatItLeadsTo() {
        environment.put("RF_DB_URL", "postgresql://rf:canary@db.example.org:5433/hapi");
        Ended shown = rf("config", "show", "database", "--origin", "-o", "csv");
        assertThat(shown.out())
                .contains(
                        "database.url,postgresql://rf:***@db.example.org:5433/hapi,RF_DB_URL",
                        "database.host,db.example.org,RF_DB_URL",
                        "database.password,***,RF_DB_URL")
                .doesNotContain("canary");
    }

    @Test
    void unknownSettingIsCorrected() {
        assertThat(rf("config", "show", "query.runer"))
                .isEqualTo(
                        new Ended(2, "", "rf: no setting named \"query.runer\"      did you mean:  query.runner ?\n"));
    }

    @Test
    void initWritesAFileThatHolds() throws IOException {
        Ended written = rf("config", "init", "--db-url", "postgresql://rf@db.example.org/hapi");
        assertThat(written).isEqualTo(new Ended(0, "~/.config/rf/config.toml\n", ""));
        Path file = home.resolve(".config/rf/config.toml");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(rf("config", "validate").code()).isZero();
        assertThat(rf("config", "show", "database.host", "-o", "csv").out()).contains("database.host,db.example.org");
        String before = Files.readString(file);
        Ended again = rf("config", "init");
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).startsWith("rf: there is a configuration file already: ~/.config/rf/config.toml\n");
        assertThat(file).hasContent(before);
        assertThat(rf("config", "init", "--print").out()).contains("[database]\n", "# min_cell = 0\n");
    }

    @Test
    void everyProblemIsShownAndStopsOtherCommandsWithTheFirst() throws IOException {
        file("[query]\nruner = \"x\"\nmin_cell = \"a\"\n");
        Ended validated = rf("config", "validate");
        assertThat(validated.code()).isEqualTo(2);
        assertThat(validated.err()).isEqualTo("""
                rf: no setting "runer" in [query] at ~/.config/rf/config.toml:2:1      did you mean:  runner ?
                rf: query.min_cell at ~/.config/rf/config.toml:3:1 has a value that it cannot have
                    why: it takes a whole number from 0 on
                """);
        Ended other = rf("query", "--gender", "male");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err())
                .contains(
                        "no setting \"runer\" in [query]",
                        "did you mean:  runner ?",
                        "1 more with  rf config validate");
        assertThat(rf("help").code()).isZero();
        Ended doctor = rf("doctor");
        assertThat(doctor.code()).isEqualTo(4);
        assertThat(doctor.out()).contains("[FAIL] configuration  no setting \"runer\"", "fix: rf config validate");
    }

    @Test
    void profileThatIsNotThereIsNamed() {
        Ended ended = rf("config", "show", "--profile", "staging");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).isEqualTo("""
                rf: no profile named "staging"
                    from: --profile
                    try:  [profile.staging.database]  in  ~/.config/rf/config.toml
                """);
    }

    @Test
    void withoutAFileThereIsNothingToValidate() {
        Ended ended = rf("config", "validate");
        assertThat(ended.code()).isZero();
        assertThat(ended.err()).contains("rf config init");
    }
}
