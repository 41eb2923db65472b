package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.view.Pack;

/** The pack {@code kpi}: every figure of its views is that which Java makes of the tables' rows. */
class KpiPackTest {

    private static TestDatabase database;
    private static TestDatabase random;

    @BeforeAll
    static void create() {
        database = TestPostgres.empty();
        rf("sandbox", "load", "kpi").done();
        rf("views", "create-all", "--pack", "kpi").done();
        random = TestPostgres.copyOf(database);
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
        random.close();
    }

    private static Ended rf(String... args) {
        return Rf.on(database).run(args);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 15);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void figuresOfRandomBudgetsAreThoseOfTheRows(long seed) throws SQLException {
        try (Connection connection = random.connect()) {
            new RandomBudget(seed).replace(connection);
        }
        Rf.on(random).run("views", "refresh-all").done();
        requireEqual(random);
    }

    @Test
    void figuresOfTheSampleAreThoseOfTheRows() throws SQLException {
        requireEqual(database);
        assertThat(
                        Hapi.column(
                                database,
                                "select count(*) from efir_budget.mv_kpi_dashboard where total_students = 0 and he_ratio is null"))
                .containsExactly("2");
    }

    private static void requireEqual(TestDatabase budgets) throws SQLException {
        Map<String, Collection<Map<String, Object>>> expected =
                BudgetOracle.read(budgets).views();
        assertThat(expected.keySet()).containsExactlyInAnyOrderElementsOf(Pack.KPI.names());
        for (String view : expected.keySet()) {
            assertThat(BudgetOracle.rows(budgets, "select * from efir_budget." + view))
                    .as(view)
                    .containsExactlyInAnyOrderElementsOf(expected.get(view));
        }
    }

    @Test
    void dashboardHasManyFiguresEachWithItsFormula() {
        JsonNode info = rf("views", "info", "mv_kpi_dashboard", "-o", "json").json();
        assertThat(info.get("columns"))
                .hasSizeGreaterThan(34)
                .allSatisfy(column -> assertThat(column.get("comment").asText())
                        .as(column.get("name").asText())
                        .isNotBlank()
                        .isNotEqualTo("null"));
        assertThat(info.get("columns").findValuesAsText("name"))
                .contains("revenue_per_student", "he_ratio", "budget_margin", "personnel_cost_per_student");
        assertThat(info.get("row_count").asLong()).isEqualTo(23);
        assertThat(info.get("size_mb").asDouble()).isPositive();
        assertThat(info.get("indexes").findValuesAsText("definition"))
                .containsExactlyInAnyOrder("btree (budget_version_id)", "btree (fiscal_year, status)");
        assertThat(info.get("refreshes").get(0).get("duration_seconds").isNumber())
                .isTrue();
    }

    @Test
    void consolidationHasItsIndexes() throws SQLException {
        assertThat(Hapi.column(
                        database,
                        "select regexp_replace(indexdef, '^.* USING ', '') from pg_indexes"
                                + " where schemaname = 'efir_budget' and tablename = 'mv_budget_consolidation'"))
                .containsExactlyInAnyOrder(
                        "btree (budget_version_id, consolidation_category, account_code)",
                        "btree (budget_version_id, account_code)",
                        "btree (consolidation_category)",
                        "btree (fiscal_year, status)");
    }

    @Test
    void refreshFollowsWhatReadsWhat() {
        JsonNode run = rf("views", "refresh-all", "-o", "json").json();
        assertThat(run.get("status").asText()).isEqualTo("success");
        assertThat(run.get("total_views").asInt()).isEqualTo(5);
        assertThat(run.get("successful_refreshes").asInt()).isEqualTo(5);
        assertThat(run.get("failed_refreshes").asInt()).isZero();
        JsonNode result = run.get("results").get("mv_financial_ratios");
        assertThat(List.of("status", "duration_seconds", "rows", "error")).allMatch(result::has);
        assertThat(result.get("rows").asInt()).isEqualTo(23);
        assertThat(result.get("watermark"))
                .as("no newer than what it reads")
                .isEqualTo(run.get("results").get("mv_kpi_dashboard").get("watermark"));
    }

    @Test
    void loadingAgainChangesNothing() {
        assertThat(rf("sandbox", "load", "kpi", "-o", "json")
                        .json()
                        .get("loaded")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void schemaWithOtherTablesIsLeftAlone() throws SQLException {
        try (TestDatabase taken = TestPostgres.empty()) {
            taken.execute("create schema efir_budget; create table efir_budget.mine (id int)");
            assertThat(Rf.on(taken)
                            .run("views", "create", "mv_financial_ratios")
                            .failed(2)
                            .err())
                    .contains("mv_financial_ratios depends on mv_kpi_dashboard", "rf views create mv_kpi_dashboard");
            assertThat(Rf.on(taken).run("sandbox", "load", "kpi").failed(2).err())
                    .contains("the schema efir_budget holds other tables", "there are mine");
        }
    }
}
