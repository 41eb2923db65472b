package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** Resources that a view cannot take: they are set aside, and whoever asks is told. */
class SetAsideTest {

    private static final String VIEW = """
            {"resourceType": "ViewDefinition", "name": "people", "resource": "Patient", "status": "active",
             "select": [{"column": [{"name": "id", "path": "getResourceKey()"},
                                    {"name": "family", "path": "name.family"},
                                    {"name": "born", "path": "birthDate",
                                     "tag": [{"name": "ansi/type", "value": "DATE"}]}]}],
             "where": [{"path": "active.not() or active.empty()"}]}
            """;

    @TempDir
    private Path folder;

    private TestDatabase database;
    private Rf rf;
    private HapiServer hapi;

    @BeforeEach
    void copy() throws SQLException {
        database = TestPostgres.hapi880();
        rf = Rf.on(database);
        hapi = new HapiServer(database);
        // All patients of the dump go, so that only the test's own are there.
        database.execute("update hfj_resource set res_deleted_at = now() where res_type = 'Patient'");
        for (int i = 0; i < 50; i++) {
            hapi.create("Patient", "good-" + i, patient("family-" + i, "1980-01-01"));
        }
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private static String patient(String family, String born) {
        return """
                {"resourceType": "Patient", "name": [{"family": "%s"}], "birthDate": "%s"}""".formatted(family, born);
    }

    private static String twoNames() {
        return "{\"resourceType\": \"Patient\", \"name\": [{\"family\": \"canary-a\"}, {\"family\": \"canary-b\"}]}";
    }

    private String file() throws IOException {
        return Files.writeString(folder.resolve("people.json"), VIEW).toString();
    }

    private Ended run(String... command) {
        Ended ended = rf.run(command);
        assertThat(ended.out() + ended.err()).doesNotContain("canary");
        return ended;
    }

    private Ended create(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("views", "create", "-f", file()));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    private JsonNode refresh(String... options) {
        List<String> command = new ArrayList<>(List.of("views", "refresh", "people", "-o", "json"));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new)).json().get("results").get("people");
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        run("views", "status", "people", "-o", "json")
                .json()
                .get("setAside")
                .forEach(one -> reasons.add(one.get("reason").asText() + " "
                        + one.get("column").asText() + " " + one.get("message").asText()));
        return reasons;
    }

    private long rows() throws SQLException {
        return database.count("select count(*) from sqlonfhir.people");
    }

    private void addBadOnes() throws SQLException {
        hapi.create("Patient", "two-names", twoNames());
        hapi.create("Patient", "no-date", patient("canary-c", "1980"));
        hapi.create("Patient", "no-json", "canary, no JSON");
        hapi.create("Patient", "nul", patient("canary \\u0000", "1980-01-01"));
    }

    @Test
    void theBadOnesAreSetAsideAndAllGoodOnesComeIn() throws SQLException, IOException {
        create().done();
        addBadOnes();
        hapi.create("Patient", "good-50", patient("family-50", "1980-01-01"));
        JsonNode refreshed = refresh();
        assertThat(refreshed.get("method").asText()).isEqualTo("incremental");
        assertThat(refreshed.get("set_aside").asLong()).isEqualTo(4);
        assertThat(rows()).isEqualTo(51);
        List<String> expected = reasons();
        assertThat(expected)
                .hasSize(4)
                .anyMatch(line -> line.startsWith("RULE family Multiple values found but not expected"))
                .anyMatch(line -> line.startsWith("RULE born A date of limited precision"))
                .anyMatch(line -> line.startsWith("INVALID_JSON null invalid input syntax for type json"))
                .anyMatch(line -> line.startsWith("INVALID_JSON null unsupported Unicode escape sequence"));
        run("views", "verify").done();
        assertThat(refresh("--rebuild").get("set_aside").asLong()).isEqualTo(4);
        assertThat(rows()).isEqualTo(51);
        assertThat(reasons()).isEqualTo(expected);
        run("views", "verify").done();
        assertThat(refresh().get("set_aside").asLong()).isEqualTo(4);
        assertThat(refresh().get("changed").asLong()).isZero();
    }

    @Test
    void everyAnswerSaysThatItIsNotComplete() throws SQLException, IOException {
        create().done();
        assertThat(run("query", "--view", "people", "-o", "json")
                        .json()
                        .get("complete")
                        .asBoolean())
                .isTrue();
        addBadOnes();
        Ended refreshed = run("views", "refresh", "people").done();
        assertThat(refreshed.err())
                .contains("incremental changed=4 rows=50 set_aside=4", "4 resources have no rows in people")
                .contains("rf views status people");
        JsonNode rows = run("query", "--view", "people", "-o", "json").json();
        assertThat(rows.get("complete").asBoolean()).isFalse();
        assertThat(rows.get("warnings").get(0).asText())
                .isEqualTo("4 live Patient resources have no rows in people; see why with  rf views status people");
        Ended count = run("query", "--view", "people", "--limit", "1").done();
        assertThat(count.err()).contains("4 live Patient resources have no rows in people");
        Ended status = run("views", "status").done();
        assertThat(status.out()).containsPattern("people .* 50 .*fresh, 4 set aside");
        assertThat(status.err()).contains("4 resources have no rows in people");
        assertThat(run("views", "list", "-o", "json")
                        .json()
                        .get("views")
                        .get(0)
                        .get("setAside")
                        .asLong())
                .isEqualTo(4);
        Ended health = run("views", "health", "-o", "json");
        assertThat(health.json().get("status").asText()).isEqualTo("healthy");
        assertThat(health.err()).contains("4 resources have no rows in people");
    }

    @Test
    void aResourceIsTriedAgainWhenItChangesAndForgottenWhenItIsGone() throws SQLException, IOException {
        create().done();
        addBadOnes();
        refresh();
        hapi.update("Patient", "two-names", patient("one", "1980-01-01"));
        hapi.update("Patient", "no-date", patient("canary", "1980-01"));
        hapi.delete("Patient", "no-json");
        assertThat(refresh().get("set_aside").asLong()).isEqualTo(2);
        assertThat(rows()).isEqualTo(51);
        database.execute(
                "delete from hfj_res_ver where res_id = (select res_id from hfj_resource where fhir_id = 'nul');"
                        + "delete from hfj_resource where fhir_id = 'nul'");
        assertThat(refresh("--exact").get("set_aside").asLong()).isEqualTo(1);
        assertThat(reasons()).singleElement().asString().startsWith("RULE born");
        run("views", "verify").done();
    }

    @Test
    void aCreationFailsUnlessTheyMayBeSetAside() throws SQLException, IOException {
        addBadOnes();
        for (int i = 0; i < 9; i++) {
            hapi.create("Patient", "more-" + i, twoNames());
        }
        Ended failed = create("-q").failed(1);
        assertThat(failed.err())
                .contains("column \"family\" of people", "why: 10 resources, such as Patient ", "--set-aside")
                .containsPattern("Patient [0-9a-f]{12}")
                .contains("are not JSON that PostgreSQL can hold: 2 resources, such as Patient ");
        assertThat(create("--show-keys").failed(1).err()).containsPattern("Patient/(two-names|more-[0-9]|no-|nul)");
        assertThat(Hapi.column(database, "select to_regclass('sqlonfhir.people')::text"))
                .containsOnlyNulls();
        Ended created = create("--set-aside").done();
        assertThat(created.err()).contains("full rows=50 set_aside=13");
        assertThat(rows()).isEqualTo(50);
        assertThat(reasons()).hasSize(13);
        run("views", "verify").done();
    }

    @Test
    void aStrictRefreshFailsAndKeepsTheLastContents() throws SQLException, IOException {
        create().done();
        addBadOnes();
        hapi.delete("Patient", "good-0");
        assertThat(run("views", "refresh", "people", "--strict").failed(1).err())
                .contains("why: 1 resource: Patient ", "refresh without --strict");
        assertThat(rows()).isEqualTo(50);
        assertThat(refresh().get("set_aside").asLong()).isEqualTo(4);
        assertThat(rows()).isEqualTo(49);
    }

    @Test
    void aDefinitionThatFitsNothingFailsInsteadOfBeingEmpty() throws SQLException, IOException {
        database.execute("""
                update hfj_res_ver v set res_text_vc = '{"resourceType": "Patient", "birthDate": "1980"}'
                  from hfj_resource r where r.res_id = v.res_id and r.res_type = 'Patient'""");
        database.execute("update hfj_resource set res_deleted_at = null where res_type = 'Patient'");
        Ended failed = create().failed(1);
        assertThat(failed.err()).contains("at least 100 resources, such as Patient ", "column \"born\" of people");
    }

    @Test
    void bodiesOutOfReachNeverStopACreation() throws SQLException, IOException {
        database.execute("""
                update hfj_res_ver v set res_encoding = 'ESR', res_text_vc = 'canary:address'
                  from hfj_resource r where r.res_id = v.res_id and r.fhir_id = 'good-0';
                update hfj_res_ver v set res_text_vc = null
                  from hfj_resource r where r.res_id = v.res_id and r.fhir_id = 'good-1';
                delete from hfj_res_ver v
                 using hfj_resource r where r.res_id = v.res_id and r.fhir_id = 'good-2'""");
        assertThat(create().done().err()).contains("full rows=47 set_aside=3");
        assertThat(reasons())
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("ELSEWHERE", "NO_BODY", "NO_VERSION");
        run("views", "verify").done();
        Ended live = run("query", "--view", "patient_simple", "--runner", "postgres", "-o", "json");
        assertThat(live.json().get("complete").asBoolean()).isFalse();
        assertThat(live.json().get("warnings")).hasSize(3);
        hapi.update("Patient", "good-0", patient("back", "1980-01-01"));
        database.execute("""
                update hfj_res_ver v set res_text_vc = '{"resourceType": "Patient"}'
                  from hfj_resource r where r.res_id = v.res_id and r.fhir_id = 'good-1'""");
        assertThat(refresh().get("set_aside").asLong()).isEqualTo(1);
        assertThat(rows()).isEqualTo(49);
        run("views", "verify").done();
    }

    @Test
    void verifyNamesTheResourcesWithWrongRows() throws SQLException, IOException {
        create().done();
        String store = String.valueOf(Hapi.column(
                        database,
                        "select format('sqlonfhir_store.v%s_g%s', view_number, generation)"
                                + " from sqlonfhir.materialized_view_metadata")
                .getFirst());
        database.execute("delete from " + store + " where id = 'good-7'; update " + store
                + " set family = 'x' where id = 'good-8'");
        Ended wrong = run("views", "verify", "--show-keys");
        assertThat(wrong.code()).isEqualTo(4);
        assertThat(wrong.err())
                .contains("rows are missing of Patient/good-7, Patient/good-8", "extra rows of Patient/good-8");
        assertThat(run("views", "verify").err())
                .containsPattern("extra rows of Patient [0-9a-f]{12}")
                .doesNotContain("good-8");
    }
}
