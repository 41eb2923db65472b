package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.cli.CommandLineFixture.Ended;

/** The commands that keep views current and say how current they are. */
class RefreshCommandsTest {

    private static TestDatabase database;

    @BeforeAll
    static void newCopy() throws SQLException {
        database = TestPostgres.hapi880();
        HapiWriter.prepare(database);
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    @BeforeEach
    void createViews() {
        assertThat(rf("views", "create", "condition_simple", "patient_simple", "--replace")
                        .code())
                .isZero();
        assertThat(rf("views", "refresh-all", "--rebuild").code()).isZero();
    }

    private static Ended rf(String... arguments) {
        return rf(Map.of(), arguments);
    }

    private static Ended rf(Map<String, String> more, String... arguments) {
        String url = "postgresql://" + database.user() + ":" + database.password() + "@" + database.host() + ":"
                + database.port() + "/" + database.database();
        Map<String, String> variables = new HashMap<>(more);
        variables.put("RF_DB_URL", url);
        return CommandLineFixture.rf().with(variables).run(arguments);
    }

    private static JsonNode json(Ended ended) {
        try {
            return JsonMapper.builder().build().readTree(ended.out());
        } catch (IOException e) {
            throw new AssertionError(ended.toString(), e);
        }
    }

    private static void writeACondition() throws SQLException {
        try (Connection connection = database.connect()) {
            new HapiWriter(connection)
                    .create(
                            "Condition",
                            "{\"resourceType\": \"Condition\", \"code\": {\"coding\": [{\"code\": \"a\"}, {\"code\": \"b\"}]}}");
        }
    }

    private static void makeOld(String view) throws SQLException {
        database.execute("update sqlonfhir.materialized_view_metadata set watermark_at = now() - interval '25 h'"
                + " where view_name = '" + view + "'");
    }

    @Test
    void aRefreshSaysItsMethodAndHowManyResourcesItTouched() throws SQLException {
        writeACondition();
        Ended refreshed = rf("views", "refresh", "condition_simple");
        long rows = database.count("select count(*) from sqlonfhir.condition_simple");
        assertThat(refreshed.code()).isZero();
        assertThat(refreshed.err())
                .contains("refresh condition_simple ok incremental changed=1 rows=" + rows + " took=");
        JsonNode nothing = json(rf("views", "refresh", "condition_simple", "--exact", "-o", "json"))
                .at("/results/condition_simple");
        assertThat(nothing.at("/method").asText()).isEqualTo("incremental");
        assertThat(nothing.at("/changed").asLong(-1)).isZero();
        assertThat(nothing.at("/reconciled").asBoolean()).isTrue();
        assertThat(rf("views", "refresh", "condition_simple", "--rebuild").err())
                .contains("refresh condition_simple ok full rows=" + rows + " because=\"asked for\" took=");
    }

    @Test
    void verifyEndsWithFourWhenARowIsWrong() throws SQLException {
        Ended right = rf("views", "verify");
        assertThat(right.code()).isZero();
        assertThat(right.out()).contains("2 views, as computed anew");
        database.execute("""
                do $$ begin
                  execute (select format('delete from sqlonfhir_store.v%s_g%s where rf_key = (select min(rf_key) from '
                                         || 'sqlonfhir_store.v%s_g%s)', view_number, generation, view_number, generation)
                             from sqlonfhir.materialized_view_metadata where view_name = 'patient_simple');
                end $$""");
        Ended wrong = rf("views", "verify", "patient_simple", "-o", "json");
        assertThat(wrong.code()).isEqualTo(ExitCode.CHECK.number());
        assertThat(json(wrong).at("/views/0/missing").asLong()).isEqualTo(1);
        assertThat(json(wrong).at("/views/0/result").asText()).isEqualTo("WRONG");
        Ended unknown = rf("views", "verify", "nobody");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(unknown.err()).contains("no view named \"nobody\"");
    }

    @Test
    void onlyStaleViewsAreRefreshedByRefreshStale() throws SQLException {
        assertThat(rf("views", "refresh-stale").err()).contains("no view is stale");
        makeOld("patient_simple");
        Ended refreshed = rf("views", "refresh-stale");
        assertThat(refreshed.code()).isZero();
        assertThat(refreshed.err())
                .contains("refresh patient_simple ok incremental")
                .doesNotContain("condition_simple");
        makeOld("patient_simple");
        assertThat(rf("views", "refresh-stale", "--max-staleness", "26h").err()).contains("no view is stale");
        assertThat(rf("views", "refresh-stale", "--max-staleness", "0s", "-o", "json")
                        .code())
                .isZero();
        assertThat(rf("views", "refresh-stale", "--max-staleness", "soon").code())
                .isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void healthIsForMonitoring() throws SQLException {
        Ended healthy = rf("views", "health", "-o", "json", "--max-size", "1000", "--max-duration", "10m");
        assertThat(healthy.code()).isZero();
        assertThat(healthy.out())
                .isEqualTo("{\"schema\":\"rf.health/v1\",\"status\":\"healthy\",\"total_views\":2,\"stale_views\":0,"
                        + "\"unhealthy_views\":0}\n");
        assertThat(healthy.err()).isEmpty();
        makeOld("patient_simple");
        Ended stale = rf("views", "health");
        assertThat(stale.code()).isEqualTo(ExitCode.CHECK.number());
        assertThat(stale.out()).contains("unhealthy: 2 views, 1 stale, 0 failed", "stale   patient_simple");
        assertThat(rf("views", "health", "--max-staleness", "26h").code()).isZero();
        assertThat(rf("views", "health", "--max-staleness", "26h", "--max-duration", "0ms")
                        .err())
                .contains("the last refresh of condition_simple took");
        assertThat(rf(Map.of("RF_MAX_STALENESS", "0s"), "views", "health").out())
                .contains("unhealthy: 2 views, 2 stale");
        assertThat(rf(Map.of("RF_MAX_STALENESS", "0s"), "views", "health", "--max-staleness", "26h")
                        .code())
                .isZero();
        assertThat(rf(Map.of("RF_MAX_SIZE", "big"), "views", "health").err())
                .contains("RF_MAX_SIZE can be 1 or more megabytes, not big");
    }

    @Test
    void statusSaysHowCurrentViewsAre() {
        Ended table = rf("views", "status");
        assertThat(table.code()).isZero();
        assertThat(table.out()).contains("COMPLETE", "RECONCILED", "condition_simple", "fresh");
        JsonNode view = json(rf("views", "status", "-o", "json")).at("/views/0");
        assertThat(view.at("/name").asText()).isEqualTo("condition_simple");
        assertThat(view.at("/limitSeconds").asLong()).isEqualTo(24 * 60 * 60);
        assertThat(view.at("/reconciledAt").asText())
                .isEqualTo(view.at("/watermark").asText());
    }
}
