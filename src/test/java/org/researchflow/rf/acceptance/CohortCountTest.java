package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.HapiFacts;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** {@code rf query} counts the patients that plain SQL over HAPI's own tables counts, whichever runner answers. */
class CohortCountTest {

    private static final HapiFacts FACTS = HapiDump.HAPI_880.facts();

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

    private static long count(String... criteria) {
        return query(criteria).json().get("count").asLong();
    }

    private static Ended query(String... criteria) {
        return rf(Stream.concat(Stream.of("query", "-o", "json"), Stream.of(criteria))
                .toArray(String[]::new));
    }

    /** Live patients of that gender with a live condition that meets {@code coding}, by a statement of our own. */
    private static List<@Nullable String> patients(String gender, String coding) throws SQLException {
        return Hapi.column(database, """
                with live as materialized (
                  select r.res_type as type, r.fhir_id as id, v.res_text_vc::jsonb as body
                    from hfj_resource r join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                   where r.res_deleted_at is null and r.res_type in ('Patient', 'Condition'))
                select p.id from live p
                 where p.type = 'Patient' and p.body ->> 'gender' = '%s'
                   and p.id in (
                     select substr(c.body #>> '{subject,reference}', 9)
                       from live c, jsonb_array_elements(c.body #> '{code,coding}') coding
                      where c.type = 'Condition' and c.body #>> '{subject,reference}' like 'Patient/%%' and %s)
                 order by p.id collate "C"
                """.formatted(gender, coding));
    }

    @ParameterizedTest
    @CsvSource({
        "hybrid, male, 44054006", "materialized, male, 44054006", "postgres, male, 44054006",
        "hybrid, male, 73211009", "materialized, male, 73211009", "postgres, male, 73211009",
        "hybrid, male, 59621000", "materialized, female, 59621000", "postgres, female, 59621000",
        "hybrid, female, 15777000", "materialized, male, 444814009", "postgres, male, 444814009"
    })
    void everyRunnerGivesTheKnownAnswer(String runner, String gender, String code) throws SQLException {
        assertThat(count("--gender", gender, "--code", code, "--runner", runner))
                .isEqualTo(FACTS.patients(gender, code))
                .isEqualTo(
                        patients(gender, "coding ->> 'code' = '" + code + "'").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hybrid", "materialized", "postgres"})
    void severalCodesAreAlternatives(String runner) throws SQLException {
        assertThat(count("--gender", "male", "--code", "44054006", "--code", "73211009", "--runner", runner))
                .isEqualTo(patients("male", "coding ->> 'code' in ('44054006', '73211009')")
                        .size())
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({"44054006, 7", "73211009, 1", "59621000, 27", "15777000, 30", "444814009, 44"})
    void wholeDumpGivesTheNumbersOfTheFhirServerItself(String code, long men) {
        assumeTrue(HapiDump.HAPI_880.isWhole());
        assertThat(count("--gender", "male", "--code", code)).isEqualTo(men);
    }

    @Test
    void wholeDumpHasEightMenWithEitherCode() {
        assumeTrue(HapiDump.HAPI_880.isWhole());
        assertThat(count("--gender", "male", "--code", "44054006", "--code", "73211009"))
                .isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"materialized", "postgres"})
    void systemNarrowsACode(String runner) {
        long men = FACTS.patients("male", "44054006");
        assertThat(count("--gender", "male", "--code", "http://snomed.info/sct|44054006", "--runner", runner))
                .isEqualTo(men);
        assertThat(count("--gender", "male", "--code", "http://loinc.org|44054006", "--runner", runner))
                .isZero();
        assertThat(count(
                        "--gender",
                        "male",
                        "--code",
                        "http://loinc.org|44054006",
                        "--code",
                        "http://snomed.info/sct|73211009",
                        "--code",
                        "59621000",
                        "--runner",
                        runner))
                .isEqualTo(count("--gender", "male", "--code", "73211009", "--code", "59621000"));
    }

    @Test
    void withoutCriteriaAllLivePatientsCount() {
        long all = FACTS.live().getOrDefault("Patient", 0L);
        assertThat(count()).isEqualTo(all);
        assertThat(count("--runner", "postgres")).isEqualTo(all);
        for (String gender : List.of("male", "female", "other", "unknown")) {
            assertThat(count("--gender", gender)).isEqualTo(FACTS.patients().getOrDefault(gender, 0L));
        }
        assertThat(count("--gender", "Male", "--gender", "female"))
                .isEqualTo(FACTS.patients().getOrDefault("male", 0L)
                        + FACTS.patients().getOrDefault("female", 0L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"materialized", "postgres"})
    void idsAreThoseOfPlainSql(String runner) throws SQLException {
        List<@Nullable String> ids = patients("male", "coding ->> 'code' in ('44054006', '73211009')");
        String[] question = {"query", "--gender", "male", "--code", "44054006", "--code", "73211009", "--ids"};
        assertThat(rf(with(question, "--runner", runner, "-o", "csv")).lines().stream()
                        .skip(1))
                .containsExactlyInAnyOrderElementsOf(ids);
        JsonNode json = rf(with(question, "--runner", runner, "-o", "json")).json();
        assertThat(json.get("count").asLong()).isEqualTo(ids.size());
        assertThat(json.get("ids").findValuesAsText("patient_id")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(rf(with(question, "--runner", runner, "-o", "ndjson")).lines())
                .containsExactlyInAnyOrderElementsOf(ids.stream()
                        .map(id -> "{\"patient_id\":\"" + id + "\"}")
                        .toList());
        assertThat(rf(with(question, "--runner", runner)).lines()).containsAll(ids);
    }

    @Test
    void conditionsOfDeletedPatientsAreThereAndDoNotCount() throws SQLException {
        // Each of them has an identified subject that is no live patient.
        long orphans = database.count("select count(*) from sqlonfhir.condition_simple c where patient_id is not null"
                + " and patient_id not in (select id from sqlonfhir.patient_simple)");
        assertThat(orphans).isPositive();
        List<@Nullable String> codes = Hapi.column(
                database,
                "select distinct code from sqlonfhir.condition_simple where patient_id not in"
                        + " (select id from sqlonfhir.patient_simple) and code is not null order by 1 limit 3");
        for (@Nullable String code : codes) {
            assertThat(rf("query", "--code", String.valueOf(code), "--ids", "-o", "csv").lines().stream()
                            .skip(1))
                    .allMatch(id -> live(id));
        }
    }

    private static boolean live(String id) {
        try {
            return database.count("select count(*) from hfj_resource where res_type = 'Patient' and fhir_id = '" + id
                            + "' and res_deleted_at is null")
                    == 1;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void jsonSaysWhereTheAnswerComesFrom() {
        Instant before = Instant.now().minus(Duration.ofDays(1));
        JsonNode answer = query("--gender", "male", "--code", "44054006").json();
        assertThat(fields(answer))
                .containsExactlyInAnyOrder(
                        "schema",
                        "count",
                        "complete",
                        "asOf",
                        "runner",
                        "speed",
                        "proof",
                        "counts",
                        "views",
                        "warnings",
                        "timingsMs");
        assertThat(answer.get("schema").asText()).isEqualTo("rf.query/v1");
        assertThat(answer.get("complete").asBoolean()).isTrue();
        assertThat(Instant.parse(answer.get("asOf").asText())).isBetween(before, Instant.now());
        assertThat(answer.get("runner").asText()).isEqualTo("hybrid");
        assertThat(answer.get("counts").get("batch").asLong())
                .isEqualTo(answer.get("count").asLong());
        assertThat(answer.get("views").findValuesAsText("name"))
                .containsExactlyInAnyOrder("patient_simple", "condition_simple");
        assertThat(answer.get("warnings")).isEmpty();
        assertThat(answer.get("timingsMs").get("sql").asDouble()).isPositive();
        JsonNode onTheFly = query("--runner", "postgres").json();
        assertThat(onTheFly.get("runner").asText()).isEqualTo("postgres");
        assertThat(onTheFly.get("views").findValuesAsText("materialized")).containsOnly("false");
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void csvIsOneLineUnderItsNames() {
        List<String> lines = rf("query", "--gender", "male", "-o", "csv").lines();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("count,complete,asOf,runner");
        assertThat(lines.getLast()).startsWith(FACTS.patients().get("male") + ",true,");
    }

    @Test
    void tableShowsTheQuestionAndItsMoment() {
        Ended ended = rf("query", "--gender", "male", "--code", "44054006").done();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out())
                .containsPattern("gender = male and condition 44054006 +" + FACTS.patients("male", "44054006") + "\n")
                .containsPattern("complete as of .* · hybrid · [0-9.]+ ms\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"materialized", "postgres"})
    void shownSqlRunsAsItIs(String runner) throws SQLException {
        String[] question = {
            "--gender",
            "male",
            "--code",
            "it's \"a\", {code}\\",
            "--code",
            "http://snomed.info/sct|44054006",
            "--code",
            "73211009",
            "--runner",
            runner,
            "--show-sql"
        };
        JsonNode answer = query(question).json();
        assertThat(answer.get("count").asLong()).isPositive();
        assertThat(database.count(answer.get("sql").asText()))
                .isEqualTo(answer.get("count").asLong());
        JsonNode ids = query(with(question, "--ids")).json();
        assertThat(Hapi.column(database, ids.get("sql").asText()))
                .isEqualTo(ids.get("ids").findValuesAsText("patient_id"));
        String table = rf(with(new String[] {"query"}, question)).done().out();
        assertThat(table).contains(answer.get("sql").asText());
    }

    private static String[] with(String[] args, String... more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void joinedViewsAreComputedOnce() {
        String sql = query("--code", "44054006", "--runner", "postgres", "--show-sql")
                .json()
                .get("sql")
                .asText();
        assertThat(sql).contains("patient_simple as materialized (", "condition_simple as materialized (");
        String single = query("--gender", "male", "--runner", "postgres", "--show-sql")
                .json()
                .get("sql")
                .asText();
        assertThat(single).contains("patient_simple as (");
    }

    @Test
    void hybridComputesWhatIsNotMaterialized() throws SQLException {
        try (TestDatabase other = Hapi.withViews()) {
            Rf.on(other).run("views", "drop", "condition_simple", "--yes").done();
            JsonNode answer = Rf.on(other)
                    .run("query", "--gender", "male", "--code", "44054006", "-o", "json")
                    .json();
            assertThat(answer.get("count").asLong()).isEqualTo(FACTS.patients("male", "44054006"));
            assertThat(answer.get("views").findValuesAsText("materialized")).containsExactlyInAnyOrder("true", "false");
            assertThat(answer.get("complete").asBoolean()).isTrue();
            assertThat(Rf.on(other)
                            .run("query", "--code", "44054006", "--runner", "materialized")
                            .failed(2)
                            .err())
                    .contains("rf views create-all");
        }
    }

    /** A view that leaves resources out must not answer for all of them, even where it is the only one. */
    @ParameterizedTest
    @ValueSource(strings = {"hybrid", "postgres"})
    void viewThatFiltersIsNotAsked(String runner) throws SQLException {
        try (TestDatabase other = TestPostgres.hapi880()) {
            assertThat(Rf.on(other)
                            .run("views", "create", "-f", "src/test/resources/views/resolved_conditions.json")
                            .code())
                    .isZero();
            assertThat(Rf.on(other)
                            .run("query", "--gender", "male", "--code", "44054006", "--runner", runner, "-o", "json")
                            .json()
                            .get("count")
                            .asLong())
                    .isEqualTo(FACTS.patients("male", "44054006"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"materialized", "postgres"})
    void codeThatNoConditionCarriesIsNoSilentZero(String runner) {
        Ended answer = query("--code", "73211008", "--code", "44054006x", "--runner", runner);
        assertThat(answer.json().get("count").asLong()).isZero();
        assertThat(answer.json().get("warnings").toString())
                .contains(
                        "no condition carries 2 of the 2 codes: 73211008 (its SNOMED check digit is wrong; 73211009 would"
                                + " pass), 44054006x");
        JsonNode typo = query("--code", "73211008", "--code", "44054006", "--runner", runner)
                .json();
        assertThat(typo.get("count").asLong()).isPositive();
        assertThat(typo.get("warnings").toString())
                .contains("no condition carries code 73211008")
                .doesNotContain("44054006");
    }
}
