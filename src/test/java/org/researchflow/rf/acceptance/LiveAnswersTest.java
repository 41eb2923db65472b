package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;

/** The known answers move with what a server writes, without any refresh. */
class LiveAnswersTest {

    private static final String DIABETES = "44054006";

    private static TestDatabase database;

    private Connection connection;
    private HapiWriter hapi;

    @BeforeAll
    static void create() throws SQLException {
        database = Hapi.withViews();
        HapiWriter.prepare(database);
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    @BeforeEach
    void refresh() throws SQLException {
        Rf.on(database).run("views", "refresh-all").done();
        connection = database.connect();
        hapi = new HapiWriter(connection);
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    private static Ended query(String... criteria) {
        List<String> all = new ArrayList<>(List.of("query", "-o", "json"));
        all.addAll(List.of(criteria));
        return Rf.on(database).run(all.toArray(String[]::new));
    }

    private static long count(String gender, String... more) {
        List<String> all = new ArrayList<>(List.of("--gender", gender, "--code", DIABETES));
        all.addAll(List.of(more));
        return query(all.toArray(String[]::new)).json().get("count").asLong();
    }

    /** The internal ids of patients of that gender, with diabetes or without. */
    private static List<Long> patients(String gender, boolean ill) throws SQLException {
        return Hapi.column(database, """
                        select r.res_id
                          from sqlonfhir.patient_simple p
                          join hfj_resource r on r.res_type = 'Patient' and r.fhir_id = p.id
                         where p.gender = '%s'
                           and %s exists (select from sqlonfhir.condition_simple c
                                           where c.patient_id = p.id and c.code = '%s')
                         order by 1""".formatted(gender, ill ? "" : "not", DIABETES)).stream()
                .map(String::valueOf)
                .map(Long::parseLong)
                .toList();
    }

    private static String patient(String gender) {
        return "{\"resourceType\":\"Patient\",\"gender\":\"" + gender + "\"}";
    }

    private static JsonNode taking(String code, String runner) {
        return query("--medication", code, "--runner", runner).json();
    }

    @Test
    void medicationIsFoundWhereARequestRefersToIt() throws SQLException {
        String code = "rxnorm|live-1";
        Rf.on(database).run("views", "create", "medication_simple").done();
        String medication = "{\"resourceType\":\"Medication\",\"code\":{\"coding\":[{\"system\":"
                + "\"http://www.nlm.nih.gov/research/umls/rxnorm\",\"code\":\"live-%d\"}]}}";
        long id = hapi.create("Medication", medication.formatted(1));
        assertThat(taking(code, "hybrid").get("count").asLong()).isZero();
        assertThat(taking(code, "hybrid").get("warnings").toString()).doesNotContain("no medication carries");
        hapi.create(
                "MedicationRequest",
                "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\",\"medicationReference\":{\"reference\":"
                        + "\"Medication/" + id + "\"},\"subject\":{\"reference\":\"Patient/"
                        + patients("male", false).getFirst() + "\"}}");
        assertThat(taking(code, "hybrid").get("count").asLong()).isEqualTo(1);
        assertThat(taking(code, "postgres").get("count").asLong()).isEqualTo(1);
        assertThat(taking(code, "materialized").get("count").asLong()).isZero();
        Rf.on(database).run("views", "refresh-all").done();
        assertThat(taking(code, "materialized").get("count").asLong()).isEqualTo(1);
        hapi.update(id, medication.formatted(2), 0);
        JsonNode moved = taking(code, "hybrid");
        assertThat(moved.get("count").asLong()).isZero();
        assertThat(moved.get("complete").asBoolean()).isTrue();
        assertThat(moved.get("warnings").toString()).contains("no medication carries code");
        assertThat(taking("live-2", "hybrid").get("count").asLong()).isEqualTo(1);
        assertThat(taking("live-2", "postgres").get("count").asLong()).isEqualTo(1);
        assertThat(query("--medication", "live-2", "--explain").done().out())
                .contains("medication_simple", "code.coding.code");
    }

    @Test
    void answersMoveWithEveryChange() throws SQLException {
        long men = count("male");
        long women = count("female");
        assertThat(men).isPositive();
        long healthy = patients("male", false).getFirst();
        hapi.create(
                "Condition",
                "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/"
                        + healthy + "\"},\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\""
                        + DIABETES
                        + "\"}]}}");
        assertThat(count("male")).isEqualTo(men + 1);
        List<Long> ill = patients("male", true);
        hapi.update(ill.getFirst(), patient("female"), 0);
        assertThat(count("male")).isEqualTo(men);
        assertThat(count("female")).isEqualTo(women + 1);
        hapi.delete(ill.getLast(), false);
        JsonNode answer = query("--gender", "male", "--code", DIABETES, "--require-complete")
                .done()
                .json();
        assertThat(answer.get("count").asLong()).isEqualTo(men - 1);
        assertThat(answer.get("counts").toString()).isEqualTo("{\"batch\":" + men + ",\"speed\":1,\"superseded\":2}");
        assertThat(answer.get("complete").asBoolean()).isTrue();
        assertThat(answer.get("runner").asText()).isEqualTo("hybrid");
        assertThat(answer.get("speed").get("from").asText()).isEqualTo("database");
        assertThat(answer.get("proof").asText()).isEqualTo("snapshot");
        assertThat(count("male", "--runner", "postgres")).isEqualTo(men - 1);
        assertThat(count("male", "--runner", "materialized")).isEqualTo(men);
        assertThat(Rf.on(database)
                        .with("USE_SPEED_LAYER", "false")
                        .run("query", "--gender", "male", "--code", DIABETES, "-o", "json")
                        .json()
                        .get("count")
                        .asLong())
                .isEqualTo(men);
        assertThat(Rf.on(database)
                        .run("query", "--gender", "male", "--code", DIABETES)
                        .done()
                        .out())
                .contains("in the views, as of", "newer, from the server's tables", "no longer in the cohort");
    }

    @Test
    void queryLogForgetsWhatIsTooOld() throws SQLException {
        query("--gender", "male").done();
        String log = "select count(*) from sqlonfhir.query_log";
        long recent = database.count(log);
        database.execute("insert into sqlonfhir.query_log (asked_at, runner, newer, views, duration_ms, complete)"
                + " values (now() - interval '31 days', 'hybrid', 'nowhere', '{}', 1, true)");
        Rf.on(database).run("views", "refresh-all").done();
        assertThat(database.count(log)).isEqualTo(recent + 1);
        Rf month = Rf.on(database).with("RF_QUERY_LOG_DAYS", "30");
        month.run("views", "refresh-all").done();
        assertThat(database.count(log)).isEqualTo(recent);
        assertThat(Rf.on(database)
                        .with("RF_QUERY_LOG_DAYS", "some")
                        .run("views", "refresh-all")
                        .failed(2)
                        .err())
                .contains("RF_QUERY_LOG_DAYS is no number of days");
    }

    @Test
    void demandsThatAreNotMetEndWithFourAfterTheAnswer() {
        Ended withoutSpeed = query("--gender", "male", "--require-speed");
        assertThat(withoutSpeed.code()).isEqualTo(4);
        assertThat(withoutSpeed.out()).contains("\"count\":");
        assertThat(withoutSpeed.err()).contains("the speed layer took no part in the answer");
        Ended old = query("--gender", "male", "--runner", "materialized", "--max-staleness", "0s");
        assertThat(old.code()).isEqualTo(4);
        assertThat(old.err()).contains("the answer is as of");
        query("--gender", "male", "--max-staleness", "1h", "--require-complete").done();
    }

    @Test
    void rowsOfWhatWasWrittenSince() throws SQLException {
        long id = hapi.create("Patient", patient("other"));
        JsonNode rows = query("--view", "patient_simple", "--changed-since", "1m")
                .done()
                .json();
        assertThat(rows.get("rows")).hasSize(1);
        assertThat(rows.get("rows").get(0).get("id").asText()).isEqualTo(Long.toString(id));
        assertThat(query("--view", "patient_simple", "--changed-since", "1m", "--runner", "materialized")
                        .done()
                        .json()
                        .get("rows"))
                .isEmpty();
        assertThat(query("--view", "patient_simple", "--changed-since", "2999-01-01")
                        .done()
                        .json()
                        .get("rows"))
                .isEmpty();
        assertThat(query("--view", "patient_simple", "--changed-since", "2020-13-01")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void queriesAreCountedUnlessThatIsTurnedOff() {
        query("--gender", "male").done();
        long before = Rf.on(database)
                .run("stats", "-o", "json")
                .done()
                .json()
                .get("total_queries")
                .asLong();
        query("--gender", "male", "--runner", "postgres").done();
        Rf.on(database)
                .with("RF_QUERY_LOG", "false")
                .run("query", "--gender", "male")
                .done();
        JsonNode stats = Rf.on(database).run("stats", "-o", "json").done().json();
        assertThat(stats.get("total_queries").asLong()).isEqualTo(before + 1);
        assertThat(stats.get("postgres_queries").asLong()).isPositive();
        assertThat(stats.get("p95_ms").asDouble()).isPositive();
        assertThat(Rf.on(database).run("stats").done().out()).contains("from stored rows");
    }
}
