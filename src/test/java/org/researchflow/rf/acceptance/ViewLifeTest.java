package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.cli.Terminal;

/** {@code rf views}: views are created, listed, refreshed, replaced and dropped from the command line. */
class ViewLifeTest {

    private static final Terminal PERSON = new Terminal(true, true, true, 100);

    private static final String MY_PATIENTS = """
            {"resourceType": "ViewDefinition", "name": "my_patients", "resource": "Patient", "status": "active",
             "select": [{"column": [
               {"name": "id", "path": "getResourceKey()"},
               {"name": "gender", "path": "gender"}]}]}
            """;

    @TempDir
    private Path folder;

    private TestDatabase database;
    private HapiServer server;

    @BeforeEach
    void copy() throws SQLException {
        database = Hapi.withViews();
        server = new HapiServer(database);
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Ended rf(String... args) {
        return Rf.on(database).run(args);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private JsonNode listed(String view) {
        for (JsonNode listed : rf("views", "list", "-o", "json").json().get("views")) {
            if (listed.get("name").asText().equals(view)) {
                return listed;
            }
        }
        throw new AssertionError("not listed: " + view);
    }

    @Test
    void listTellsProgramsAllAboutAView() {
        JsonNode document = rf("views", "list", "-o", "json").json();
        assertThat(document.get("schema").asText()).isEqualTo("rf.views/v1");
        assertThat(document.get("views").findValuesAsText("name"))
                .containsExactlyInAnyOrderElementsOf(
                        ExpectedRows.PACK.stream().map(ExpectedRows::view).toList());
        JsonNode view = listed("condition_simple");
        assertThat(view.get("kind").asText()).isEqualTo("ViewDefinition");
        assertThat(view.get("resource").asText()).isEqualTo("Condition");
        assertThat(view.get("columns").isInt()).isTrue();
        assertThat(view.get("columns").asInt()).isEqualTo(22);
        assertThat(view.get("rows").asLong())
                .isEqualTo(HapiDump.HAPI_880.facts().conditionRows());
        assertThat(view.get("sizeBytes").asLong()).isGreaterThan(8192);
        assertThat(Instant.parse(view.get("lastRefreshed").asText())).isBeforeOrEqualTo(Instant.now());
        assertThat(view.get("state").asText()).isEqualTo("fresh");
    }

    @Test
    void listIsATableForPeopleAndCsvForSpreadsheets() {
        assertThat(rf("views", "list").lines())
                .first()
                .asString()
                .matches("VIEW +KIND +RESOURCE +COLUMNS +ROWS +SIZE +REFRESHED +STATE *");
        assertThat(rf("views", "list").lines()).last().isEqualTo("7 views");
        assertThat(rf("views", "list", "-o", "csv").lines())
                .first()
                .asString()
                .startsWith("name,kind,resource,columns,rows,sizeBytes,lastRefreshed,state,");
        assertThat(rf("views", "list", "-o", "ndjson").lines())
                .hasSize(7)
                .allMatch(line -> line.startsWith("{\"name\":\""));
    }

    @Test
    void listTellsStaleFromFresh() throws SQLException, IOException {
        database.execute("update sqlonfhir.materialized_view_metadata"
                + " set watermark_at = watermark_at - interval '25 hours' where view_name = 'patient_simple'");
        assertThat(listed("patient_simple").get("state").asText()).isEqualTo("stale");
        rf("views", "create", "--replace", "-f", file("v.json", MY_PATIENTS.replace("my_patients", "encounter_simple")))
                .done();
        assertThat(listed("encounter_simple").get("state").asText()).isEqualTo("stale");
        assertThat(listed("encounter_simple").get("reason").asText()).isEqualTo("its definition changed");
        Ended table = rf("views", "list").done();
        assertThat(table.out())
                .contains(
                        "STALE (limit",
                        "7 views, 2 stale.  Refresh:  rf views refresh-stale  and  rf views create --replace encounter_simple");
    }

    @Test
    void createAllAgainChangesNothing() throws SQLException {
        List<List<@Nullable String>> before = tables();
        Ended again = rf("views", "create-all").done();
        assertThat(again.err()).contains("create condition_simple ok unchanged", "ok=7 failed=0");
        assertThat(tables()).isEqualTo(before);
        JsonNode run = rf("views", "create-all", "-o", "json").json();
        assertThat(run.get("results").findValuesAsText("status")).containsOnly("unchanged");
    }

    private List<List<@Nullable String>> tables() throws SQLException {
        return Hapi.rows(
                database,
                "select relname, oid from pg_class where relnamespace = 'sqlonfhir_store'::regnamespace order by 1");
    }

    @Test
    void viewOfOnesOwnIsCreatedFromAFile() throws SQLException, IOException {
        String file = file("my_view.json", MY_PATIENTS);
        rf("views", "create", "-f", file).done();
        assertThat(database.count("select count(*) from sqlonfhir.my_patients where gender = 'male'"))
                .isEqualTo(HapiDump.HAPI_880.facts().patients().getOrDefault("male", 0L));
        assertThat(rf("views", "create", "-f", file).done().err()).contains("unchanged");
        // Another order of members and other spaces are not another definition.
        String same = file("same.json", MY_PATIENTS.replace("\"status\": \"active\",", "\n \"status\" : \"active\" ,"));
        assertThat(rf("views", "create", "-f", same).done().err()).contains("unchanged");
    }

    @Test
    void anotherDefinitionIsShownAndNeedsReplace() throws SQLException, IOException {
        rf("views", "create", "-f", file("my_view.json", MY_PATIENTS)).done();
        String other = file("other.json", MY_PATIENTS.replace("\"name\": \"gender\"", "\"name\": \"sex\""));
        Ended refused = rf("views", "create", "-f", other).failed(2);
        assertThat(refused.err())
                .contains("view my_patients exists with another definition")
                .contains("- \"name\" : \"gender\"", "+ \"name\" : \"sex\"", "--replace");
        assertThat(database.count("select count(gender) from sqlonfhir.my_patients"))
                .isPositive();
        rf("views", "create", "-f", other, "--replace").done();
        assertThat(database.count("select count(sex) from sqlonfhir.my_patients where sex = 'male'"))
                .isEqualTo(HapiDump.HAPI_880.facts().patients().getOrDefault("male", 0L));
        assertThat(listed("my_patients").get("generation").asLong()).isEqualTo(2);
    }

    @Test
    void dropWantsYesWhereNobodyCanBeAsked() throws SQLException {
        assertThat(rf("views", "drop", "condition_simple").failed(2).err())
                .contains("no terminal to ask on", "rf views drop condition_simple --yes");
        assertThat(database.count("select count(*) from sqlonfhir.condition_simple"))
                .isPositive();
        assertThat(rf("views", "drop", "conditon_simple", "--yes").failed(2).err())
                .contains("did you mean:  condition_simple ?");
        rf("views", "drop", "condition_simple", "patient_simple", "--yes").done();
        assertThat(rf("views", "list", "-o", "json").json().get("views")).hasSize(5);
        assertThat(Hapi.column(database, "select to_regclass('sqlonfhir.condition_simple')::text"))
                .containsOnlyNulls();
        assertThat(tables()).noneMatch(table -> String.valueOf(table.getFirst()).startsWith("v7_"));
    }

    @Test
    void dropOnATerminalAsksForTheName() {
        Rf person = Rf.on(database).on(PERSON);
        assertThat(person.runTyping("no\n", "views", "drop", "condition_simple").code())
                .isEqualTo(1);
        assertThat(rf("views", "list", "-o", "json").json().get("views")).hasSize(7);
        person.runTyping("condition_simple\n", "views", "drop", "condition_simple")
                .done();
        assertThat(rf("views", "list", "-o", "json").json().get("views")).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "patient_simple",
                "patient_demographics",
                "condition_simple",
                "observation_labs",
                "medication_requests",
                "procedure_history",
                "encounter_simple"
            })
    void printedSqlRunsAsItIsAndGivesTheRowsOfTheView(String view) throws SQLException {
        String sql = rf("views", "sql", view).done().out();
        assertThat(database.count("""
                select count(*) from (
                  (select * from (%1$s) a except all select * from sqlonfhir.%2$s)
                  union all
                  (select * from sqlonfhir.%2$s except all select * from (%1$s) b)) difference
                """.formatted(sql, view))).isZero();
    }

    @Test
    void refreshAllBringsEveryKindOfChange() throws SQLException {
        changeEverything();
        assertThat(rf("query", "--code", "44054006", "--gender", "other", "--runner", "materialized", "-o", "json")
                        .json()
                        .get("count")
                        .asLong())
                .isZero();
        Ended refreshed = rf("views", "refresh-all").done();
        assertThat(refreshed.err()).contains("refresh-all ok ok=7 failed=0 skipped=0");
        assertCurrent();
    }

    private void changeEverything() throws SQLException {
        String patient = Hapi.rows(
                        database, "select id from sqlonfhir.patient_simple where id ~ '^[0-9]+$' order by id limit 1")
                .getFirst()
                .getFirst();
        server.create("Patient", "new-patient", """
                {"resourceType": "Patient", "gender": "other", "birthDate": "1999-02",
                 "name": [{"family": "Nová", "given": ["A", "B"]}]}""");
        server.create("Condition", "new-condition", """
                {"resourceType": "Condition", "subject": {"reference": "Patient/new-patient"}, "onsetDateTime": "2001",
                 "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}, {"code": "other"}]}}""");
        server.update("Patient", String.valueOf(patient), """
                {"resourceType": "Patient", "gender": "unknown", "deceasedBoolean": false}""");
        for (String type : List.of("Condition", "Observation", "Encounter", "Procedure", "MedicationRequest")) {
            String id = String.valueOf(Hapi.column(
                            database,
                            "select min(fhir_id) from hfj_resource where res_deleted_at is null and res_type = '" + type
                                    + "' and fhir_id ~ '^[0-9]+$'")
                    .getFirst());
            server.delete(type, id);
        }
        String deleted = String.valueOf(Hapi.column(
                        database,
                        "select min(fhir_id) from hfj_resource"
                                + " where res_deleted_at is not null and res_type = 'Patient'")
                .getFirst());
        server.update("Patient", deleted, """
                {"resourceType": "Patient", "gender": "female", "active": true}""");
    }

    private void assertCurrent() throws SQLException {
        for (ExpectedRows view : ExpectedRows.PACK) {
            new Recomputation(database).requireEqual(view);
        }
        assertThat(rf("query", "--code", "44054006", "--gender", "other", "--ids", "-o", "csv")
                        .lines())
                .containsExactly("patient_id", "new-patient");
    }

    @Test
    void refreshOfOneViewLeavesTheOthersAndSaysSo() throws SQLException {
        changeEverything();
        rf("views", "refresh", "patient_simple").done();
        Ended ended = rf("query", "--gender", "other", "--code", "44054006", "--runner", "materialized", "-o", "json");
        assertThat(ended.json().get("complete").asBoolean()).isFalse();
        assertThat(ended.json().get("warnings").toString()).contains("different moments", "condition_simple");
        assertThat(rf("query", "--gender", "other", "--code", "44054006", "--runner", "postgres", "-o", "json")
                        .json()
                        .get("count")
                        .asLong())
                .isEqualTo(1);
        rf("views", "refresh-all").done();
        assertCurrent();
    }

    @Test
    void deletedPatientLeavesTheCohortAndComesBack() throws SQLException {
        String man = rf("query", "--gender", "male", "--code", "44054006", "--ids", "-o", "csv")
                .lines()
                .get(1);
        String body = String.valueOf(Hapi.column(
                        database,
                        "select v.res_text_vc from hfj_resource r join hfj_res_ver v using (res_id, res_ver)"
                                + " where r.fhir_id = '" + man + "' and r.res_type = 'Patient'")
                .getFirst());
        server.delete("Patient", man);
        rf("views", "refresh-all").done();
        assertThat(rf("query", "--gender", "male", "--code", "44054006", "--ids", "-o", "csv")
                        .lines())
                .doesNotContain(man);
        server.update("Patient", man, body);
        rf("views", "refresh-all").done();
        assertThat(rf("query", "--gender", "male", "--code", "44054006", "--ids", "-o", "csv")
                        .lines())
                .contains(man);
    }

    @Test
    void viewThatIsBeingRefreshedIsLeftAlone() throws Exception {
        try (Connection blocker = database.connect();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("lock table hfj_res_ver in access exclusive mode");
            CompletableFuture<Ended> running =
                    CompletableFuture.supplyAsync(() -> rf("views", "refresh", "patient_simple", "--rebuild"));
            Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
            while (!listed("patient_simple").get("state").asText().equals("refreshing")) {
                assertThat(Instant.now()).isBefore(deadline);
            }
            assertThat(rf("views", "refresh", "patient_simple").failed(6).err()).contains("holder:", "rf");
            List<String> contents =
                    new ArrayList<>(rf("query", "--view", "patient_simple", "--runner", "materialized", "-o", "csv")
                            .lines());
            assertThat(contents).hasSizeGreaterThan(1);
            blocker.rollback();
            running.get().done();
        }
    }

    @Test
    void failedRefreshKeepsTheLastContentsAndTellsWhy() throws SQLException {
        long before = database.count("select count(*) from sqlonfhir.patient_simple");
        server.create("Patient", "broken", "{\"resourceType\": \"Patient\", \"name\": canary");
        String moment = listed("patient_simple").get("watermark").asText();
        Ended ended = rf("views", "refresh-all", "--strict");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .contains("refresh condition_simple ok", "refresh patient_simple FAILED", "refresh-all PARTIAL ok=5")
                .contains("; keeps its contents of " + moment.substring(0, "2026-11-20T02:15:01".length()))
                .doesNotContain("canary");
        assertThat(database.count("select count(*) from sqlonfhir.patient_simple"))
                .isEqualTo(before);
        assertThat(listed("patient_simple").get("state").asText()).isEqualTo("failed");
        assertThat(listed("condition_simple").get("state").asText()).isEqualTo("fresh");
        server.delete("Patient", "broken");
        rf("views", "refresh-all").done();
        assertThat(listed("patient_simple").get("state").asText()).isEqualTo("fresh");
    }
}
