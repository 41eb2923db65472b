package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.cli.CommandLineFixture.Ended;

/** Whoever makes a common mistake and pastes what rf says gets on. */
class PastedHintsTest {

    /** What a person fills in first. */
    private static final String PLACEHOLDER = "[A-Z]{3,}|…|.*=…";

    private static TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void fill() {
        database = TestPostgres.hapi880();
        assertThat(rf(Map.of())
                        .run("views", "create", "patient_simple", "condition_simple")
                        .code())
                .isZero();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static CommandLineFixture rf(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HOME",
                "/nowhere",
                "PGPASSWORD",
                database.password(),
                "RF_DB_URL",
                "postgresql://" + database.user() + "@" + database.host() + ":" + database.port() + "/"
                        + database.database()));
        environment.putAll(more);
        return CommandLineFixture.rf().with(environment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "view list",
                "views lst",
                "views list --nonsense",
                "views create -f",
                "views create nothing",
                "views refresh patient_simpel",
                "views refresh",
                "views info nothing",
                "views sql nothing",
                "views status nothing",
                "views verify observation_labs",
                "views drop patient_simple",
                "views preview -f docs/examples/body_weight.json",
                "views set patient_simple",
                "query --gendr male",
                "query --code 73211008",
                "query --view nothing",
                "query --gender male --runner materialised",
                "query --gender male --runner speed",
                "query run nothing",
                "query save",
                "query describe nothing",
                "query delete nothing",
                "terminology drop nothing",
                "speed status",
                "poll-fhir",
                "load",
                "config shw",
                "sandbox load nothing",
                "bench nothing",
                "doctr",
            })
    void hintsOfAMistakeWork(String mistake) {
        Ended ended = rf(Map.of()).run(mistake.split(" ", -1));
        assertThat(ended.code() != 0 || !ended.err().isEmpty()).as(mistake).isTrue();
        String said = ended.out() + ended.err();
        Hints.requireParseable(said);
        for (List<String> hint : Hints.in(said)) {
            // The sandbox is a person's own, and a watch has no end.
            boolean safe = hint.stream()
                    .noneMatch(word -> word.matches(PLACEHOLDER)
                            || List.of("demo", "sandbox", "--sandbox", "watch", "--every", "drop")
                                    .contains(word));
            if (safe) {
                Ended pasted = rf(Map.of()).run(hint.toArray(String[]::new));
                assertThat(pasted.code()).as(hint + ": " + pasted.err()).isIn(0, 4);
            }
        }
    }

    /** Or a pasted hint would do its work in another database. */
    @Test
    void hintsGoWhereTheCommandWent() {
        Ended ended = rf(Map.of())
                .run("views", "refresh", "nothing", "--source", "hapi", "--redis-prefix", "ours: ", "--lenient");
        assertThat(ended.err()).contains("try: rf --redis-prefix 'ours: ' --source hapi --lenient views list\n");
        Hints.requireParseable(ended.err());
        Ended warned = rf(Map.of()).run("query", "--gender", "male", "--hapi-time-zone", "+02:00");
        assertThat(warned.err()).contains("  rf --hapi-time-zone +02:00 views refresh patient_simple");
    }

    @Test
    void whoHasNoDatabaseIsToldWhatToType() {
        Ended ended = rf(Map.of("RF_DB_URL", "", "HOME", folder.toString())).run("views", "list");
        assertThat(ended.code()).isEqualTo(5);
        assertThat(Hints.in(ended.err())).contains(List.of("demo"), List.of("sandbox", "start"));
        Hints.requireParseable(ended.err());
    }
}
