package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.TestDatabase;

/** Questions by name: {@code rf query save}, {@code run}, {@code list}, {@code describe} and {@code delete}. */
class SavedQueryTest {

    private static TestDatabase database;
    private static List<PatientRecord> patients;

    @TempDir
    private Path folder;

    @BeforeAll
    static void create() throws SQLException {
        database = Hapi.withViews();
        patients = PatientRecord.all(database);
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static Ended query(String... args) {
        return Rf.on(database)
                .run(Stream.concat(Stream.of("query"), Stream.of(args)).toArray(String[]::new));
    }

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void savedQuestionIsTheSameQuestion(long seed) {
        List<String> flags = new ArrayList<>();
        CohortOracleTest.flags(seed, patients).forEach(asked -> flags.addAll(asked.flags()));
        List<String> save = new ArrayList<>(List.of("save", "q" + seed));
        save.addAll(flags);
        query(save.toArray(String[]::new)).done();
        flags.addAll(List.of("-o", "json"));
        JsonNode asked = query(flags.toArray(String[]::new)).json();
        JsonNode run = query("run", "q" + seed, "-o", "json").json();
        assertThat(run.get("count")).isEqualTo(asked.get("count"));
        assertThat(run.get("undecided")).isEqualTo(asked.get("undecided"));
        assertThat(run.get("warnings")).isEqualTo(asked.get("warnings"));
    }

    @Test
    void lifeOfASavedQuery() throws IOException {
        assertThat(query("save", "men", "--gender", "male", "--age", "40..65", "--description", "Men")
                        .lines())
                .first()
                .isEqualTo("men saved;  rf query run men");
        assertThat(query("save", "men", "--gender", "male", "--age", "40..65").out())
                .startsWith("men unchanged");
        assertThat(query("save", "men", "--gender", "female").failed(2).err())
                .contains("there is another query named \"men\"", "--replace");
        assertThat(query("list", "-o", "csv").out()).contains("men,cohort,gender = male and age 40..65 on ");
        assertThat(query("describe", "men", "-o", "json")
                        .json()
                        .get("definition")
                        .asText())
                .isEqualTo("{\"all\":[{\"gender\":[\"male\"]},{\"age\":[\"40..65\"]}]}");
        assertThat(query("save", "men", "--gender", "female", "--replace").out())
                .startsWith("men replaced");
        assertThat(query("run", "men", "--code", "44054006", "-o", "json")
                        .json()
                        .get("count"))
                .isEqualTo(query("--gender", "female", "--code", "44054006", "-o", "json")
                        .json()
                        .get("count"));
        assertThat(query("run", "men", "--by", "gender", "-o", "csv").lines())
                .hasSize(2)
                .startsWith("gender,patients");
        assertThat(query("delete", "men").failed(2).err()).contains("rf query delete men --yes");
        query("delete", "men", "--yes").done();
        assertThat(query("run", "men").failed(2).err()).contains("no saved query named \"men\"");
    }

    @Test
    void fileRunsLikeASavedQuery() throws IOException {
        Path file = folder.resolve("cohort.yaml");
        Files.writeString(file, "all:\n  - gender: male\n");
        assertThat(query("run", file.toString(), "-o", "json").json().get("count"))
                .isEqualTo(query("--gender", "male", "-o", "json").json().get("count"));
        query("save", "from-file", "-f", file.toString(), "--code", "44054006").done();
        assertThat(query("run", "from-file", "-o", "json").json().get("count"))
                .isEqualTo(query("--gender", "male", "--code", "44054006", "-o", "json")
                        .json()
                        .get("count"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "save x y;rf",
                "save 1x --gender male;cannot have the name \"1x\"",
                "save empty;there is no criterion to save",
                "save x --at 2020;--at goes with --age",
                "run nosuch;no saved query named \"nosuch\"",
                "run nosuch.yaml;no file nosuch.yaml",
                "describe nosuch;no saved query",
                "delete nosuch --yes;no saved query"
            })
    void whatCannotBeMeantIsRefused(String args, String error) {
        assertThat(query(args.split(" ", -1)).failed(2).err()).contains(error);
    }

    @Test
    void logNamesTheKindsOfAQuestionAndNoValue() throws SQLException {
        query("--birthdate", "1980-05-17", "--text", "Johannes", "--not-code", "44054006", "--gender", "male")
                .done();
        assertThat(Hapi.column(database, "select question from sqlonfhir.query_log order by asked_at desc limit 1"))
                .containsExactly("gender and date of birth and condition by text and none(condition by code)");
    }
}
