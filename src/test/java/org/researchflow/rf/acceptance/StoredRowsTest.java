package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.view.Pack;

/** How stored rows are kept, so that cohort questions find them fast, and which views serve a question. */
class StoredRowsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void create() throws SQLException {
        database = Hapi.withViews();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static Ended rf(String... args) {
        return Rf.on(database).run(args);
    }

    private static String store(String view) throws SQLException {
        return String.valueOf(Hapi.column(
                        database,
                        "select format('sqlonfhir_store.v%s_g%s', view_number, generation)"
                                + " from sqlonfhir.materialized_view_metadata where view_name = '" + view + "'")
                .getFirst());
    }

    @Test
    void afterAFullBuildAnIndexAnswersAlone() throws SQLException {
        rf("views", "refresh", "condition_simple", "--rebuild").done();
        assertThat(Hapi.column(
                        database,
                        "select relallvisible > 0 from pg_class where oid = '" + store("condition_simple")
                                + "'::regclass"))
                .containsExactly("t");
        assertThat(String.join(
                        "\n",
                        Hapi.column(
                                database,
                                "explain (analyze, costs off) select count(distinct patient_id) from "
                                        + "sqlonfhir.condition_simple where code = '44054006'")))
                .contains("Index Only Scan", "Heap Fetches: 0");
    }

    @Test
    void wordsAreFoundByTrigramsWhereTheDatabaseHasThem() throws SQLException {
        JsonNode before = rf("query", "--text", "diabetes mellitus", "--text", "acute bronchitis", "-o", "json")
                .json();
        String indexes = "select count(*) from pg_indexes where schemaname = 'sqlonfhir_store' and indexdef like"
                + " '%USING gin (display %gin_trgm_ops, text %gin_trgm_ops)' and indexdef like '%"
                + store("procedure_history")
                        .substring("sqlonfhir_store.".length())
                        .replaceAll("_g.*", "") + "!_g%' escape '!'";
        assertThat(Hapi.column(database, indexes)).containsExactly("0");
        database.execute("create schema elsewhere; create extension pg_trgm schema elsewhere");
        rf("views", "refresh-all", "--rebuild").done();
        assertThat(Hapi.column(database, indexes)).containsExactly("1");
        assertThat(rf("query", "--text", "diabetes mellitus", "--text", "acute bronchitis", "-o", "json")
                        .json()
                        .get("count"))
                .isEqualTo(before.get("count"));
    }

    @Test
    void viewWithoutBoundsOfItsDatesIsPassedOverAndSaidToBe() throws SQLException, IOException {
        TestDatabase other = Hapi.withViews();
        try {
            Path view = Files.writeString(folder.resolve("mine.json"), """
                    {"resourceType": "ViewDefinition", "name": "my_conditions", "resource": "Condition", "status": "active",
                     "select": [{"column": [
                        {"name": "id", "path": "getResourceKey()"},
                        {"name": "patient", "path": "subject.getReferenceKey(Patient)"},
                        {"name": "verification", "path": "verificationStatus.coding.code.first()"},
                        {"name": "onset", "path": "onset.ofType(dateTime)"}]},
                       {"forEachOrNull": "code.coding", "column": [{"name": "code", "path": "code"}]}]}
                    """);
            Rf.on(other).run("views", "drop", "condition_simple", "--yes").done();
            Rf.on(other).run("views", "create", "-f", view.toString()).done();
            List<String> question = List.of("query", "--code", "44054006", "--explain", "-o", "json");
            JsonNode whenever =
                    Rf.on(other).run(question.toArray(String[]::new)).json();
            assertThat(whenever.get("explanation").get(1).toString())
                    .contains("\"name\":\"my_conditions\"", "\"passedOver\":[]");
            JsonNode dated = Rf.on(other)
                    .run("query", "--code", "44054006", "--since", "1990", "--explain", "-o", "json")
                    .json();
            assertThat(dated.get("explanation").get(1).toString())
                    .contains("\"name\":\"condition_simple\"", "my_conditions", "onsetDateTime.lowBoundary() as date");
            assertThat(Rf.on(other)
                            .run("query", "--code", "44054006", "--since", "1990", "--explain")
                            .done()
                            .out())
                    .contains("not my_conditions, which has no column for onsetDateTime.lowBoundary() as date");
        } finally {
            other.close();
        }
    }

    /** In a row of such views a diastolic pressure has the code of the systolic one. */
    @Test
    void viewThatPairsCodesWithTheValuesOfOthersServesNothing() throws SQLException, IOException {
        TestDatabase other = Hapi.withViews();
        try {
            String right = Pack.MORE.document("observation_components").replace("observation_components", "pressures");
            String[] high = {"query", "--lab", "8462-4>140 mm[Hg]", "--explain", "-o", "json"};
            Path file = folder.resolve("view.json");
            for (String beside : List.of(
                    "{\"forEachOrNull\": \"component.code.coding\", \"column\": [",
                    "{\"forEach\": \"component\", \"select\": [{\"forEach\": \"code.coding\", \"column\": [")) {
                ObjectNode mixing = (ObjectNode) JSON.readTree(right);
                ArrayNode inner = (ArrayNode) mixing.at("/select/1/select");
                JsonNode codes = inner.remove(0).get("column");
                String codesBeside = beside + codes.toString().substring(1) + "}";
                ((ArrayNode) mixing.get("select"))
                        .add(JSON.readTree(beside.contains("\"select\"") ? codesBeside + "]}" : codesBeside));
                Files.writeString(file, mixing.toString());
                Rf.on(other)
                        .run("views", "create", "--replace", "-f", file.toString())
                        .done();
                JsonNode answer = Rf.on(other).run(high).json();
                assertThat(answer.get("count").asLong()).isZero();
                assertThat(answer.get("warnings").toString())
                        .contains("no observation carries code 8462-4", "rf views create observation_components");
                assertThat(answer.at("/explanation/1/passedOver").toString())
                        .contains("pressures", "component.valueQuantity.value beside component.code.coding.code");
            }
            Files.writeString(file, right);
            Rf.on(other)
                    .run("views", "create", "--replace", "-f", file.toString())
                    .done();
            for (String lab : List.of("8462-4>140 mm[Hg]", "8462-4>90 mm[Hg]")) {
                JsonNode answer =
                        Rf.on(other).run("query", "--lab", lab, "-o", "json").json();
                assertThat(answer.get("warnings")).isEmpty();
                assertThat(answer.get("count").asText())
                        .isEqualTo(Hapi.column(other, """
                                select count(distinct patient_id) from sqlonfhir.pressures
                                 where code = '8462-4' and value_number > %s
                                   and patient_id in (select id from sqlonfhir.patient_simple)
                                """.formatted(lab.replaceAll(".*>| .*", "")))
                                .getFirst());
            }
        } finally {
            other.close();
        }
    }
}
