package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;

/** {@code rf query --view} prints the rows that the same question in SQL gives. */
class RowsOfAViewTest {

    private static TestDatabase database;

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "condition_simple | code = 44054006 | code = '44054006'",
                "condition_simple | code is null | code is null",
                "condition_simple | abatement is not null | abatement is not null",
                "condition_simple | onset_low >= 2015-01-31 | onset_low >= date '2015-01-31'",
                "condition_simple | display ilike %DIABETES% | display ilike '%diabetes%'",
                "observation_labs | value_number > 6.5 | value_number > 6.5",
                "observation_labs | status != final | status <> 'final'",
                "patient_demographics | birth_sex=M | birth_sex = 'M'",
                "patient_demographics | family = 'O''Neil' | family = 'O''Neil'",
                "patient_simple | deceased = true | deceased",
                "patient_simple | birth_date < 1970 | birth_date < '1970'",
                "encounter_simple | class = AMB | class = 'AMB'"
            })
    void conditionMeansWhatItMeansInSql(String view, String where, String sql) throws SQLException {
        long expected = database.count("select count(*) from sqlonfhir." + view + " where " + sql);
        for (String runner : List.of("materialized", "postgres")) {
            assertThat(rf("query", "--view", view, "--where", where, "--runner", runner, "-o", "ndjson")
                            .lines())
                    .hasSize((int) expected);
        }
    }

    @Test
    void allConditionsMustHold() throws SQLException {
        long expected = database.count("select count(*) from sqlonfhir.condition_simple"
                + " where code = '44054006' and clinical_status = 'active'");
        assertThat(rf(
                                "query",
                                "--view",
                                "condition_simple",
                                "--where",
                                "code = 44054006",
                                "--where",
                                "clinical_status = active",
                                "-o",
                                "json")
                        .json()
                        .get("rows"))
                .hasSize((int) expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "5"})
    void limitLimits(String limit) {
        JsonNode document = rf("query", "--view", "patient_simple", "--limit", limit, "-o", "json")
                .json();
        assertThat(document.get("schema").asText()).isEqualTo("rf.rows/v1");
        assertThat(document.get("rows")).hasSize(Integer.parseInt(limit));
        assertThat(document.get("complete").asBoolean()).isTrue();
        assertThat(document.get("views").findValuesAsText("name")).containsExactly("patient_simple");
    }

    @Test
    void everyFormatHasTheSameRows() throws SQLException {
        List<String> ids =
                Hapi.column(database, "select id from sqlonfhir.patient_simple where gender = 'male'").stream()
                        .map(String::valueOf)
                        .sorted()
                        .toList();
        String[] question = {"query", "--view", "patient_simple", "--where", "gender = male"};
        JsonNode json = rf(and(question, "json")).json();
        assertThat(json.get("rows").findValuesAsText("id")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(json.get("rows").get(0).get("birth_date_low").asText()).matches("[0-9]{4}-[0-9]{2}-[0-9]{2}");
        List<String> csv = rf(and(question, "csv")).lines();
        assertThat(csv.getFirst())
                .isEqualTo("id,gender,birth_date,birth_date_low,birth_date_high,family,given,active,deceased");
        assertThat(csv.stream().skip(1).map(line -> line.substring(0, line.indexOf(','))))
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(rf(and(question, "ndjson")).lines())
                .hasSameSizeAs(ids)
                .allMatch(line -> line.matches("\\{\"id\":.*\"gender\":\"male\".*\\}"));
        assertThat(rf(question).lines())
                .first()
                .asString()
                .matches("id +gender +birth_date +birth_date_low +birth_date_high +family +given +active +deceased *");
        assertThat(rf(question).lines()).last().isEqualTo(ids.size() + " rows");
    }

    private static String[] and(String[] question, String format) {
        String[] args = Arrays.copyOf(question, question.length + 2);
        args[question.length] = "-o";
        args[question.length + 1] = format;
        return args;
    }

    @ParameterizedTest
    @ValueSource(strings = {"materialized", "postgres"})
    void shownSqlRunsAsItIs(String runner) throws SQLException {
        JsonNode document = rf(
                        "query",
                        "--view",
                        "condition_simple",
                        "--where",
                        "onset_low >= 2015-01-31",
                        "--where",
                        "display ilike %it's \\ a \"test\"%",
                        "--where",
                        "code = 44054006",
                        "--limit",
                        "3",
                        "--runner",
                        runner,
                        "--show-sql",
                        "-o",
                        "json")
                .json();
        assertThat(Hapi.rows(database, document.get("sql").asText())).hasSameSizeAs(document.get("rows"));
    }

    @Test
    void viewThatIsNotMaterializedIsComputed() throws SQLException {
        try (TestDatabase other = Hapi.withViews()) {
            long expected = other.count("select count(*) from sqlonfhir.patient_simple");
            Rf.on(other).run("views", "drop", "patient_simple", "--yes").done();
            JsonNode document = Rf.on(other)
                    .run("query", "--view", "patient_simple", "-o", "json")
                    .json();
            assertThat(document.get("rows").size()).isEqualTo((int) expected);
            assertThat(document.get("runner").asText()).isEqualTo("postgres");
            assertThat(Rf.on(other)
                            .run("query", "--view", "patient_simple", "--runner", "materialized")
                            .failed(2)
                            .err())
                    .contains("rf views create patient_simple", "--runner postgres");
        }
    }
}
