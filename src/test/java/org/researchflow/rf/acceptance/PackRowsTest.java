package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.HapiFacts;
import org.researchflow.rf.TestDatabase;

/** The views of the pack hold, row by row and column by column, what the resources in HAPI's tables say. */
class PackRowsTest {

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

    static List<ExpectedRows> pack() {
        return ExpectedRows.PACK;
    }

    @Test
    void createAllMakesTheSevenViewsOfThePack() throws SQLException {
        assertThat(Hapi.column(
                        database, "select viewname from pg_views where schemaname = 'sqlonfhir' order by viewname"))
                .isEqualTo(ExpectedRows.PACK.stream()
                        .map(ExpectedRows::view)
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("pack")
    void everyCodingHasARowAndAResourceWithoutOneTwo(ExpectedRows view) throws SQLException {
        String perResource = view.codings().isEmpty()
                ? "1"
                : "greatest(1, jsonb_array_length(jsonb_path_query_array(v.res_text_vc::jsonb, '" + view.codings()
                        + "')))";
        long expected = database.count("""
                select sum(%s)
                  from hfj_resource r join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                 where r.res_type = '%s' and r.res_deleted_at is null
                """.formatted(perResource, view.resourceType()));
        assertThat(database.count("select count(*) from sqlonfhir." + view.view()))
                .isEqualTo(expected);
        assertThat(listedRows(view.view())).isEqualTo(expected);
        assertThat(expected).isGreaterThanOrEqualTo(FACTS.live().getOrDefault(view.resourceType(), 0L));
    }

    private static long listedRows(String view) {
        for (var listed :
                Rf.on(database).run("views", "list", "-o", "json").json().get("views")) {
            if (listed.get("name").asText().equals(view)) {
                return listed.get("rows").asLong();
            }
        }
        throw new AssertionError("not listed: " + view);
    }

    @Test
    void conditionsHaveTheirKnownNumberOfRows() throws SQLException {
        assertThat(database.count("select count(*) from sqlonfhir.condition_simple"))
                .isEqualTo(FACTS.conditionRows());
    }

    @ParameterizedTest
    @MethodSource("pack")
    void noLiveResourceIsLostAndNoDeletedOneThere(ExpectedRows view) throws SQLException {
        assertThat(database.count("select count(distinct id) from sqlonfhir." + view.view()))
                .isEqualTo(FACTS.live().getOrDefault(view.resourceType(), 0L));
        assertThat(Hapi.rows(database, """
                select id from sqlonfhir.%1$s
                except
                select fhir_id from hfj_resource where res_type = '%2$s' and res_deleted_at is null
                """.formatted(view.view(), view.resourceType())))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pack")
    void everyColumnOfEveryRowIsWhatTheResourceSays(ExpectedRows view) throws SQLException {
        new Recomputation(database).requireEqual(view);
    }

    @Test
    void partialDatesKeepTheirTextAndGetTheirBounds() throws SQLException {
        List<List<@Nullable String>> partial = Hapi.rows(database, """
                select birth_date, birth_date_low, birth_date_high from sqlonfhir.patient_simple
                 where length(birth_date) < 10
                union
                select onset, onset_low, onset_high from sqlonfhir.condition_simple where length(onset) < 10
                """);
        assertThat(partial).isNotEmpty().allSatisfy(row -> {
            String text = String.valueOf(row.getFirst());
            assertThat(text).matches("[0-9]{4}(-[0-9]{2})?");
            assertThat(row.get(1)).isEqualTo(text + (text.length() == 4 ? "-01-01" : "-01"));
            assertThat(String.valueOf(row.get(2))).startsWith(text).matches(".*-(28|29|30|31)");
        });
    }

    @Test
    void numbersKeepTheirDigits() throws SQLException {
        assertThat(database.count("""
                select count(*)
                  from hfj_resource r
                  join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                  join sqlonfhir.observation_labs o on o.id = r.fhir_id
                 where r.res_type = 'Observation' and v.res_text_vc ~ '"value": ?[0-9]+[.][0-9]*0[,}]'
                   and o.value ~ '[.][0-9]*0$'
                """)).isPositive();
    }
}
