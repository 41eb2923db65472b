package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** Whatever goes wrong: the documented exit code, words that help, nothing on standard output, and nothing lost. */
class BadInputTest {

    private static final String VIEW = """
            {"resourceType": "ViewDefinition", "name": "my_view", "resource": "Patient", "status": "active",
             "select": [{"column": [
               {"name": "id", "path": "getResourceKey()"},
               {"name": "gender", "path": "gender"}]}]}
            """;

    private static final String SECRET = "canary-secret";

    @TempDir
    private Path folder;

    private static TestDatabase database;
    private static String before;

    @BeforeAll
    static void create() throws SQLException {
        database = Hapi.withViews();
        before = views();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    @AfterEach
    void nothingIsLost() {
        assertThat(views()).isEqualTo(before);
    }

    private static String views() {
        return rf("views", "list", "-o", "json").done().out();
    }

    private static Ended rf(String... args) {
        return Rf.on(database).run(args);
    }

    private static Ended rfAt(String url, String... args) {
        return Rf.with(Map.of("HOME", "/nowhere", "RF_DB_URL", url)).run(args);
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("my_view.json"), text).toString();
    }

    private static String address(TestDatabase of) {
        return of.host() + ":" + of.port() + "/" + of.database();
    }

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("views", "create-all"),
                List.of("views", "list"),
                List.of("views", "refresh-all"),
                List.of("views", "sql", "patient_simple"),
                List.of("query", "--gender", "male"),
                List.of("query", "--gender", "male", "--runner", "postgres"),
                List.of("query", "--view", "patient_simple"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noDatabaseThere(List<String> command) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        Ended ended = rfAt("postgresql://u:" + SECRET + "@127.0.0.1:" + port + "/hapi", command.toArray(String[]::new))
                .failed(5);
        assertThat(ended.err())
                .startsWith("rf: cannot reach PostgreSQL at 127.0.0.1:" + port)
                .contains("why:  connection refused", "from RF_DB_URL", "rf demo")
                .doesNotContain(SECRET);
    }

    @Test
    void unknownHost() {
        assertThat(rfAt("postgresql://u@no-such-host.invalid/hapi", "views", "list")
                        .failed(5)
                        .err())
                .contains("cannot reach PostgreSQL at no-such-host.invalid", "why:  no such host");
    }

    @Test
    void wrongPassword() {
        Ended ended = rfAt("postgresql://postgres:" + SECRET + "@" + address(database), "query", "--gender", "male")
                .failed(5);
        assertThat(ended.err())
                .contains("password authentication failed", "password from RF_DB_URL")
                .doesNotContain(SECRET);
    }

    @Test
    void noPassword() {
        assertThat(rfAt("postgresql://postgres@" + address(database), "views", "list")
                        .failed(5)
                        .err())
                .contains("asks for a password and there is none", "PGPASSWORD");
    }

    @Test
    void noSuchDatabase() {
        TestDatabase other = database.as("no_such_database", database.user(), database.password());
        assertThat(Rf.on(other).run("views", "list").failed(5).err())
                .contains("no_such_database", "does not exist")
                .doesNotContain(database.password());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postgresql://rf:canary-secret@h/d", "jdbc:postgresql://h/d?user=rf&password=canary-secret"})
    void passwordOnTheCommandLine(String url) {
        Ended ended = rf("--db-url", url, "views", "list", "-v").failed(2);
        assertThat(ended.err())
                .contains("--db-url holds a password", "RF_DB_URL", "PGPASSWORD")
                .doesNotContain(SECRET);
    }

    @Test
    void passwordFromTheEnvironmentIsAccepted() {
        Rf rf = Rf.with(Map.of("HOME", "/nowhere", "PGPASSWORD", database.password()));
        rf.run("--db-url", "postgresql://postgres@" + address(database), "views", "list")
                .done();
    }

    @Test
    void noTablesOfHapi() throws SQLException {
        try (TestDatabase empty = TestPostgres.empty()) {
            for (List<String> command : List.of(
                    List.of("views", "create-all"),
                    List.of("views", "create", "patient_simple"),
                    List.of("views", "sql", "patient_simple"),
                    List.of("query", "--gender", "male"))) {
                assertThat(Rf.on(empty)
                                .run(command.toArray(String[]::new))
                                .failed(2)
                                .err())
                        .contains("no HAPI FHIR tables in schema \"public\"");
            }
            assertThat(Hapi.column(empty, "select nspname from pg_namespace where nspname ~ 'sqlonfhir'"))
                    .isEmpty();
        }
    }

    @Test
    void tablesOfHapiInAnotherSchemaAreNamed() {
        assertThat(rf("--hapi-schema", "fhir", "views", "create", "patient_simple")
                        .failed(2)
                        .err())
                .contains("no HAPI FHIR tables in schema \"fhir\"", "--hapi-schema public");
    }

    @Test
    void noRightToCreateASchemaNamesTheGrantThatHelps() throws SQLException {
        try (TestDatabase fresh = TestPostgres.hapi880()) {
            fresh.execute("create role rf_accept login password '" + SECRET + "'");
            try {
                fresh.execute("grant select on all tables in schema public to rf_accept");
                Rf poor = Rf.on(fresh.as(fresh.database(), "rf_accept", SECRET));
                Ended ended = poor.run("views", "create", "patient_simple").failed(1);
                assertThat(ended.err()).contains("cannot create the schemas").doesNotContain(SECRET);
                String grant = ended.err()
                        .lines()
                        .filter(line -> line.contains("GRANT "))
                        .map(line -> line.substring(line.indexOf("GRANT ")).replace(";", ""))
                        .findFirst()
                        .orElseThrow();
                assertThat(grant).isEqualTo("GRANT CREATE ON DATABASE " + fresh.database() + " TO rf_accept");
                // What can be computed needs no right to write.
                poor.run("query", "--gender", "male").done();
                fresh.execute(grant);
                poor.run("views", "create", "patient_simple").done();
                poor.run("query", "--gender", "male", "--runner", "materialized")
                        .done();
            } finally {
                fresh.execute("drop owned by rf_accept cascade");
                fresh.execute("drop role rf_accept");
            }
        }
    }

    @Test
    void noRightToReadNamesTheGrantThatHelps() throws SQLException {
        database.execute("create role rf_reader login password '" + SECRET + "'");
        try {
            Rf reader = Rf.on(database.as(database.database(), "rf_reader", SECRET));
            Ended ended = reader.run("query", "--gender", "male", "--runner", "postgres")
                    .failed(1);
            assertThat(ended.err()).contains("permission denied", "GRANT ").doesNotContain(SECRET);
        } finally {
            database.execute("drop role rf_reader");
        }
    }

    @Test
    void unknownView() {
        for (List<String> command : List.of(
                List.of("views", "create", "conditon_simple"),
                List.of("views", "refresh", "conditon_simple"),
                List.of("views", "drop", "conditon_simple", "--yes"),
                List.of("views", "sql", "conditon_simple"),
                List.of("query", "--view", "conditon_simple"),
                List.of("query", "--view", "conditon_simple", "--runner", "materialized"))) {
            Ended ended = rf(command.toArray(String[]::new)).failed(2);
            assertThat(ended.err())
                    .startsWith("rf: no view named \"conditon_simple\"")
                    .contains("did you mean:  condition_simple ?");
        }
    }

    @Test
    void brokenJson() throws IOException {
        Ended ended = rf("views", "create", "-f", file(VIEW.replace("\"gender\"}", "\"gender\"")))
                .failed(2);
        assertThat(ended.err())
                .startsWith("rf: broken JSON at " + folder.resolve("my_view.json") + ":4:39\n")
                .endsWith("^ Unexpected close marker ']': expected '}'\n");
        assertThat(caret(ended)).isEqualTo("]}]}");
        Ended cut =
                rf("views", "create", "-f", file(VIEW.strip().substring(0, 60))).failed(2);
        assertThat(cut.err()).contains("broken JSON at", ":1:").doesNotContain("Source");
    }

    /** What stands above the caret in the excerpt, from there on. */
    private static String caret(Ended ended) {
        List<String> lines = ended.err().lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).matches(" +\\^ .*")) {
                return lines.get(i - 1).substring(lines.get(i).indexOf('^'));
            }
        }
        throw new AssertionError("no caret in " + ended.err());
    }

    @Test
    void brokenFhirPath() throws IOException {
        for (String command : List.of("create", "sql")) {
            Ended ended = rf(
                            "views",
                            command,
                            "-f",
                            file(VIEW.replace("\"path\": \"gender\"", "\"path\": \"name.where(use = 'official'\"")))
                    .failed(2);
            assertThat(ended.err())
                    .startsWith("rf: invalid FHIRPath at " + folder.resolve("my_view.json") + ":4:")
                    .contains("expected ')'");
            assertThat(caret(ended)).isEqualTo("\"}]}]}");
        }
    }

    @Test
    void unknownElement() throws IOException {
        Ended ended = rf("views", "create", "-f", file(VIEW.replace("\"path\": \"gender\"", "\"path\": \"gendr\"")))
                .failed(2);
        assertThat(ended.err())
                .startsWith("rf: no element \"gendr\" in Patient at " + folder.resolve("my_view.json") + ":4:32")
                .contains("did you mean:  gender ?");
        assertThat(caret(ended)).startsWith("gendr\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "validate", "preview", "sql"})
    void whatIsWrongWithFormAndExpressionsIsToldInOneRun(String command) throws IOException {
        String file = file("""
                {"resourceType": "ViewDefinition", "name": "my_view", "resource": "Patient", "status": "active",
                 "where": [{"path": "activ"}],
                 "select": [
                   {"column": [{"name": "no good", "path": "gendr"}, {"path": "birthDate"}]},
                   {"forEach": "name", "forEachOrNull": "telecom", "column": [{"name": "s", "path": "system"}]},
                   {"unionAll": [
                     {"column": [{"name": "a", "path": "gender"}, {"name": "b"}]},
                     {"column": [{"name": "a", "path": "gender"}, {"name": "b", "path": "gender.foo()"}]}]}]}
                """);
        Ended ended = command.equals("validate") || command.equals("preview")
                ? rf("views", command, file)
                : rf("views", command, "-f", file);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains(
                        "no element \"activ\" in Patient",
                        "not a column's name: \"no good\"",
                        "no element \"gendr\" in Patient",
                        "no \"name\" at",
                        "a select cannot have both forEach and forEachOrNull",
                        "no \"path\" at",
                        "no function \"foo\"")
                .doesNotContain("branches of unionAll");
    }

    @Test
    void notAViewDefinitionOrNotThere() throws IOException {
        assertThat(rf("views", "create", "-f", file("{\"resourceType\": \"Patient\"}"))
                        .failed(2)
                        .err())
                .contains("my_view.json:1:", "ViewDefinition");
        assertThat(rf("views", "create", "-f", folder.resolve("none.json").toString())
                        .failed(2)
                        .err())
                .contains("no file " + folder.resolve("none.json"));
        assertThat(rf("views", "create", "-f", folder.toString()).failed(2).err())
                .contains("cannot read " + folder, "it is a folder");
    }

    @Test
    void anotherDefinitionOfAnExistingView() throws IOException {
        Ended ended = rf("views", "create", "-f", file(VIEW.replace("my_view", "patient_simple")))
                .failed(2);
        assertThat(ended.err())
                .contains("view patient_simple exists with another definition", "- birth_date", "--replace");
    }

    @Test
    void everyFileThatIsWrongIsReportedAndNoneOfTheOthersCreated() throws IOException {
        String good = file("""
                {"resourceType": "ViewDefinition", "name": "good", "resource": "Patient", "status": "active",
                 "select": [{"column": [{"name": "id", "path": "id"}]}]}
                """);
        Path bad = Files.writeString(folder.resolve("bad.json"), """
                {"resourceType": "ViewDefinition", "name": "bad", "resource": "Patient", "status": "active",
                 "select": [{"column": [{"name": "sex", "path": "gendr"}]}]}
                """);
        String gone = folder.resolve("gone.json").toString();
        Ended ended = rf("views", "create", "patient_simpel", "-f", bad.toString(), "-f", good, "-f", gone)
                .failed(2);
        assertThat(ended.err())
                .contains(
                        "no view named \"patient_simpel\" comes with rf",
                        "no element \"gendr\" in Patient at " + bad + ":2:",
                        "no file " + gone);
    }

    @Test
    void severalValuesInOneColumn() throws IOException, SQLException {
        String file = file(VIEW.replace("\"path\": \"gender\"", "\"path\": \"name.given\""));
        assertThat(rf("views", "create", "-f", file, "-q").failed(1).err())
                .contains("\nrf: Multiple values found but not expected for column \"gender\" of my_view\n");
        assertThat(Hapi.column(database, "select to_regclass('sqlonfhir.my_view')::text"))
                .containsOnlyNulls();
    }

    @Test
    void severalValuesKeepTheLastContents() throws IOException, SQLException {
        try (TestDatabase other = Hapi.withViews()) {
            String first = file(VIEW);
            Rf.on(other).run("views", "create", "-f", first).done();
            long rows = other.count("select count(*) from sqlonfhir.my_view");
            Ended ended = Rf.on(other)
                    .run(
                            "views",
                            "create",
                            "--replace",
                            "-f",
                            file(VIEW.replace("\"path\": \"gender\"", "\"path\": \"name.given\"")))
                    .failed(1);
            assertThat(ended.err())
                    .contains("rf: Multiple values found but not expected for column \"gender\" of my_view");
            assertThat(other.count("select count(*) from sqlonfhir.my_view where gender in ('male', 'female')"))
                    .isPositive();
            assertThat(other.count("select count(*) from sqlonfhir.my_view")).isEqualTo(rows);
        }
    }

    @Test
    void unknownGender() {
        assertThat(rf("query", "--gender", "mal").failed(2).err())
                .contains("no gender \"mal\" in FHIR", "did you mean:  male ?");
        assertThat(rf("query", "--gender", "x").failed(2).err()).contains("male, female, other or unknown");
    }

    @Test
    void wrongConditionOnARow() {
        assertThat(rf("query", "--view", "patient_simple", "--where", "birth_date_low < yesterday")
                        .failed(2)
                        .err())
                .contains("column birth_date_low is of type date", "try: 'birth_date_low < 1980-01-31'");
        assertThat(rf("query", "--view", "patient_simple", "--where", "gendr = male")
                        .failed(2)
                        .err())
                .contains("no column \"gendr\" in patient_simple", "did you mean:  gender ?");
        assertThat(rf("query", "--view", "patient_simple", "--where", "gender male")
                        .failed(2)
                        .err())
                .contains("not a condition: \"gender male\"");
        assertThat(rf("query", "--view", "patient_simple", "--where", "birth_date_low = 2001-02-30")
                        .failed(2)
                        .err())
                .contains("column birth_date_low is of type date");
        assertThat(rf("query", "--view", "observation_labs", "--where", "value_number > 1;drop table hfj_resource")
                        .failed(2)
                        .err())
                .contains("column value_number is of type numeric");
        rf("query", "--view", "patient_simple", "--where", "family = '; drop table hfj_resource; --")
                .done();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--limit -1 --view patient_simple",
                "--limit two --view patient_simple",
                "--limit 2",
                "--where code=1",
                "--view patient_simple --gender male",
                "--runner fast",
                "--code |",
                "--code",
                "--gender male female"
            })
    void wrongOptions(String options) {
        Ended ended = rf(Stream.concat(Stream.of("query"), Stream.of(options.split(" ", -1)))
                        .toArray(String[]::new))
                .failed(2);
        assertThat(ended.err()).startsWith("rf: ");
    }

    @Test
    void wrongRunnerFromTheEnvironmentIsNamed() {
        Rf rf = Rf.on(database);
        Map<String, String> variables = new HashMap<>(rf.environment());
        variables.put("VIEWDEF_RUNNER", "postgre");
        assertThat(Rf.with(variables).run("query").failed(2).err())
                .contains("no runner named \"postgre\"", "VIEWDEF_RUNNER", "did you mean:  postgres ?");
    }

    @Test
    void errorsAreOneJsonLineForPrograms() throws IOException {
        Ended ended = rf("query", "--view", "conditon_simple", "-o", "json").failed(2);
        assertThat(ended.err().lines()).hasSize(1);
        var error = new JsonMapper().readTree(ended.err());
        assertThat(error.get("schema").asText()).isEqualTo("rf.error/v1");
        assertThat(error.get("exit").asInt()).isEqualTo(2);
        assertThat(error.get("notes").get("did you mean").get(0).asText()).isEqualTo("condition_simple");
    }
}
