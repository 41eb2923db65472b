package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** When views are refreshed, what status says about it, and what {@code --dry-run} says instead of doing it. */
class ViewScheduleTest {

    /** What another run on patient_simple holds. */
    private static final String LOCK = """
            select pg_advisory_lock(('x' || encode(substring(sha256('rf materialized view patient_simple'), 1, 8),
                                                   'hex'))::bit(64)::bigint)""";

    private TestDatabase database;

    @BeforeEach
    void copy() throws SQLException {
        database = Hapi.withViews();
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Ended rf(String... args) {
        return Rf.on(database).run(args);
    }

    private void makeOlder(String view, String by) throws SQLException {
        database.execute("update sqlonfhir.materialized_view_metadata set watermark_at = watermark_at - interval '" + by
                + "' where view_name = '" + view + "'");
    }

    @Test
    void timesReadInTheWrongZoneAreNoticedWhereTheyLieInTheFuture() throws SQLException {
        assertThat(rf("views", "status").done().err()).doesNotContain("in the future");
        database.execute("""
                update hfj_resource set res_updated = now() at time zone 'Asia/Kolkata'
                 where res_id = (select max(res_id) from hfj_resource)
                """);
        assertThat(rf("views", "status").done().err())
                .contains("the newest resource was written 5 h in the future", "--hapi-time-zone +05:30");
        assertThat(rf("views", "create", "patient_simple").done().err()).contains("--hapi-time-zone +05:30");
        assertThat(rf("views", "status", "-o", "json")
                        .json()
                        .get("aheadSeconds")
                        .asLong())
                .isBetween(19_700L, 19_800L);
        assertThat(rf("views", "status", "--hapi-time-zone", "Asia/Kolkata")
                        .done()
                        .err())
                .doesNotContain("in the future");
    }

    /** Two megabytes at least. */
    private void makeLarger(String view) throws SQLException {
        database.execute("""
                do $$
                declare store text := (select format('sqlonfhir_store.v%%s_g%%s', view_number, generation)
                                         from sqlonfhir.materialized_view_metadata where view_name = '%s');
                begin
                    execute format('insert into %%s select s.* from %%s s, generate_series(1, %d / (select count(*) from %%s))',
                                   store, store, store);
                end $$
                """.formatted(view, 20_000));
    }

    private JsonNode status(String view) {
        for (JsonNode shown : rf("views", "status", "-o", "json").json().get("views")) {
            if (shown.get("name").asText().equals(view)) {
                return shown;
            }
        }
        throw new AssertionError("not shown: " + view);
    }

    /** All that rf keeps: the catalog's rows, and the relations with their identity. */
    private List<List<@Nullable String>> kept() throws SQLException {
        return Hapi.rows(database, """
                select 'metadata ' || m::text from sqlonfhir.materialized_view_metadata m
                 union all
                select 'generation ' || g::text from sqlonfhir_store.generation g
                 union all
                select relname || ' ' || oid || ' ' || relfilenode from pg_class
                 where relnamespace in ('sqlonfhir'::regnamespace, 'sqlonfhir_store'::regnamespace)
                   and relkind <> 'S'
                 union all
                select 'number ' || last_value from sqlonfhir_store.view_number
                 order by 1""");
    }

    @Test
    void viewHasTheIntervalItWasCreatedOrSetWith() throws SQLException {
        assertThat(status("patient_simple").get("limitSeconds").asLong()).isEqualTo(24 * 3600);
        rf("views", "create", "patient_simple", "--refresh-interval", "1h").done();
        assertThat(status("patient_simple").get("limitSeconds").asLong()).isEqualTo(3600);
        makeOlder("patient_simple", "2 hours");
        assertThat(rf("views", "list").out()).contains("STALE (limit 1 h)");
        assertThat(rf("views", "set", "patient_simple", "--refresh-interval", "90m")
                        .done()
                        .out())
                .contains("every 90 min", "every 1 h", "set");
        assertThat(rf("views", "set", "patient_simple", "--refresh-interval", "90m")
                        .done()
                        .out())
                .contains("unchanged");
        rf("views", "set", "patient_simple", "--refresh-interval", "3h").done();
        assertThat(status("patient_simple").get("state").asText()).isEqualTo("fresh");
        rf("views", "refresh", "patient_simple", "--rebuild").done();
        assertThat(status("patient_simple").get("limitSeconds").asLong()).isEqualTo(3 * 3600);
        rf("views", "set", "patient_simple", "--refresh-interval", "default").done();
        assertThat(status("patient_simple").get("limitSeconds").asLong()).isEqualTo(24 * 3600);
    }

    @Test
    void refreshStaleLeavesViewsAloneThatAreRefreshedByHand() throws SQLException {
        rf("views", "set", "patient_simple", "condition_simple", "--no-auto-refresh")
                .done();
        rf("views", "set", "condition_simple", "--auto-refresh").done();
        for (String view : List.of("patient_simple", "condition_simple")) {
            makeOlder(view, "25 hours");
        }
        assertThat(rf("views", "refresh-stale").done().err())
                .contains("refresh condition_simple ok")
                .doesNotContain("patient_simple");
        assertThat(rf("views", "status").out()).contains("by hand");
        assertThat(rf("views", "refresh-all").done().err()).contains("refresh patient_simple ok");
    }

    @Test
    void whatCannotBeSetIsSaid() {
        assertThat(rf("views", "set", "patient_simple").failed(2).err()).contains("needs something to set");
        assertThat(rf("views", "set", "patient_simpel", "--auto-refresh")
                        .failed(2)
                        .err())
                .contains("did you mean:  patient_simple ?");
        assertThat(rf("views", "set", "patient_simple", "--refresh-interval", "0s")
                        .failed(2)
                        .err())
                .contains("--refresh-interval can be 1s or more");
        assertThat(rf("views", "set", "patient_simple", "--auto-refresh", "--no-auto-refresh")
                        .failed(2)
                        .err())
                .contains("exclude each other");
        assertThat(rf("views", "create", "patient_simple", "--refresh-interval", "soon")
                        .failed(2)
                        .err())
                .contains("--refresh-interval is not a time: soon");
    }

    @Test
    void firstBuildThatWaitsForPublicationKeepsItsSchedule() throws SQLException {
        rf("views", "drop", "patient_simple", "--yes").done();
        rf("views", "create", "patient_simple").done();
        // As if the first build were still waiting for its publication.
        database.execute("delete from sqlonfhir.materialized_view_metadata where view_name = 'patient_simple';"
                + " drop view sqlonfhir.patient_simple");
        rf("views", "set", "patient_simple", "--refresh-interval", "2h", "--no-auto-refresh")
                .done();
        rf("views", "create", "patient_simple").done();
        assertThat(status("patient_simple").get("limitSeconds").asLong()).isEqualTo(2 * 3600);
        assertThat(status("patient_simple").get("autoRefresh").asBoolean()).isFalse();
    }

    @Test
    void statusSaysWhatTheLastRefreshDid() throws SQLException {
        assertThat(rf("views", "status").out()).contains("built anew");
        // A copied database is another one, so that the first refresh builds anew.
        rf("views", "refresh-all").done();
        rf("views", "refresh", "patient_simple").done();
        assertThat(status("patient_simple").at("/change/inserted").asLong(-1)).isZero();
        assertThat(status("patient_simple").at("/change/deleted").asLong(-1)).isZero();
        assertThat(rf("views", "status").out()).contains("+0 -0");
    }

    @Test
    void statusNamesWhoWorksOnAViewAndWhoKeepsATransactionOpen() throws SQLException {
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            statement.execute("set application_name = 'etl of somebody'");
            statement.execute("begin; select pg_current_xact_id()");
            statement.execute(LOCK);
            JsonNode view = status("patient_simple");
            assertThat(view.get("state").asText()).isEqualTo("refreshing");
            assertThat(view.get("lockHolder").asText()).startsWith("etl of somebody on 127.0.0.1, PostgreSQL pid ");
            assertThat(rf("views", "status").out()).contains("refreshing (etl of somebody");
            assertThat(rf("views", "refresh", "patient_simple").failed(6).err())
                    .contains("patient_simple is being refreshed by another run", "etl of somebody");
            JsonNode oldest = rf("views", "status", "-o", "json").json().get("oldestTransaction");
            assertThat(oldest.get("holder").asText())
                    .startsWith("session of etl of somebody, user postgres, PostgreSQL pid ");
            assertThat(rf("views", "refresh", "patient_simple", "--dry-run")
                            .done()
                            .out())
                    .containsPattern("patient_simple +skip +- +another run is at it: etl of somebody");
        }
    }

    @Test
    void lockedViewIsWaitedForSkippedOrNamed() throws SQLException {
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            statement.execute(LOCK);
            assertThat(rf("views", "refresh-all", "--jobs", "3").done().err())
                    .contains("refresh patient_simple skipped", "ok=6 failed=0 skipped=1")
                    .containsPattern("is being refreshed by another run: .*, PostgreSQL pid \\d+, since 2");
            JsonNode document = rf("views", "refresh-all", "-o", "json").done().json();
            assertThat(document.path("status").asText()).isEqualTo("success");
            assertThat(document.path("successful_refreshes").asLong()).isEqualTo(6);
            assertThat(document.path("skipped_refreshes").asLong()).isEqualTo(1);
            rf("views", "refresh", "patient_simple").failed(6);
            rf("views", "refresh", "patient_simple", "--lock-timeout", "200ms").failed(6);
            CompletableFuture<Ended> waiting = CompletableFuture.supplyAsync(
                    () -> rf("views", "refresh", "patient_simple", "--lock-timeout", "1m"));
            statement.execute("select pg_advisory_unlock_all()");
            waiting.join().done();
        }
    }

    @Test
    void statusWarnsBeyondTheThresholds() throws SQLException {
        makeOlder("patient_simple", "25 hours");
        makeLarger("observation_labs");
        Ended status = rf("views", "status", "--max-size", "1", "--max-duration", "0ms")
                .done();
        assertThat(status.err())
                .contains(
                        "warning: patient_simple is stale: its rows are 25 h",
                        "warning: observation_labs takes",
                        "warning: the last refresh of condition_simple took");
        assertThat(Rf.with(withUrl(Map.of("RF_MAX_STALENESS", "26h", "RF_MAX_DURATION", "1h", "RF_MAX_SIZE", "1000")))
                        .run("views", "status")
                        .done()
                        .err())
                .isEmpty();
    }

    private Map<String, String> withUrl(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(Rf.on(database).environment());
        all.putAll(variables);
        return all;
    }

    @Test
    void catalogOfAnOlderRfIsReadAndBroughtUpToDate() throws SQLException {
        database.execute("""
                alter table sqlonfhir.materialized_view_metadata drop column rows_inserted, drop column rows_deleted,
                  alter column auto_refresh set default false;
                update sqlonfhir.materialized_view_metadata set auto_refresh = false;
                alter table sqlonfhir_store.generation drop column refresh_interval, drop column auto_refresh;
                alter table sqlonfhir.materialized_view_metadata drop column set_aside, drop column live,
                  drop column schema_name, drop column keyed;
                alter table sqlonfhir_store.generation drop column set_aside, drop column live, drop column kind,
                  drop column schema_name, drop column keyed;
                drop table sqlonfhir.refresh_history;
                comment on table sqlonfhir_store.generation is null;
                drop table sqlonfhir_store.set_aside, sqlonfhir_store.secret, sqlonfhir_store.body""");
        rf("views", "verify", "patient_simple").done();
        assertThat(status("patient_simple").get("autoRefresh").asBoolean()).isTrue();
        makeOlder("patient_simple", "25 hours");
        assertThat(rf("views", "refresh-stale").done().err()).contains("refresh patient_simple ok");
        assertThat(database.count("select count(*) from sqlonfhir.materialized_view_metadata where not auto_refresh"))
                .isZero();
    }

    @Test
    void dryRunSaysWhatWouldBeDoneAndChangesNothing() throws SQLException {
        rf("views", "refresh-all").done();
        makeOlder("patient_simple", "25 hours");
        database.execute("update sqlonfhir.materialized_view_metadata set compiler_version = 0"
                + " where view_name = 'condition_simple'");
        List<List<@Nullable String>> before = kept();
        assertThat(rf("views", "create-all", "--dry-run").done().out())
                .containsPattern("patient_simple +nothing +- +it exists with this definition")
                .containsPattern("condition_simple +build +- +it was built by another version of the compiler")
                .contains("nothing was changed");
        assertThat(rf("views", "refresh-all", "--dry-run").done().out())
                .containsPattern("patient_simple +incremental +0")
                .containsPattern("condition_simple +build +- +it was built by another version of the compiler");
        assertThat(rf("views", "refresh", "patient_simple", "--rebuild", "--dry-run")
                        .done()
                        .out())
                .containsPattern("patient_simple +build +- +asked for");
        assertThat(rf("views", "refresh-stale", "--dry-run").done().out())
                .contains("patient_simple")
                .doesNotContain("procedure_history");
        assertThat(rf("views", "drop", "patient_simple", "--dry-run").done().out())
                .contains("drop view \"sqlonfhir\".\"patient_simple\";".replace("\"", ""))
                .containsPattern("drop table sqlonfhir_store.v[0-9]+_g[0-9]+;");
        assertThat(rf("views", "set", "patient_simple", "--refresh-interval", "1h", "--dry-run")
                        .done()
                        .out())
                .contains("would be set");
        assertThat(rf("views", "refresh", "nobody", "--dry-run").failed(2).err())
                .contains("no view named \"nobody\"");
        JsonNode program = rf("views", "refresh", "patient_simple", "--dry-run", "-o", "json")
                .json();
        assertThat(program.at("/views/0/action").asText()).isEqualTo("incremental");
        assertThat(kept()).isEqualTo(before);
    }

    @Test
    void dryRunNamesWhatStandsInTheWay() throws SQLException {
        database.execute("create view public.mine as select * from sqlonfhir.patient_simple");
        assertThat(rf("views", "drop", "patient_simple", "--dry-run").done().out())
                .contains("-- patient_simple: refuse, patient_simple cannot be dropped: 1 object depends on it");
        assertThat(rf("views", "drop", "patient_simple", "--cascade", "--dry-run")
                        .done()
                        .out())
                .contains("drop view sqlonfhir.patient_simple cascade;");
    }

    @Test
    void dryRunInADatabaseWithoutViewsLeavesNoSchemas() throws SQLException {
        try (TestDatabase bare = TestPostgres.hapi880()) {
            assertThat(Rf.on(bare)
                            .run("views", "create-all", "--dry-run")
                            .done()
                            .out())
                    .containsPattern("patient_simple +build +- +it is new");
            assertThat(bare.count("select count(*) from pg_namespace where nspname like 'sqlonfhir%'"))
                    .isZero();
        }
    }
}
