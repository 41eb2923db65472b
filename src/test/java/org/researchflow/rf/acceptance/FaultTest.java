package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.acceptance.Faults.Fault;
import org.researchflow.rf.sandbox.DumpReplay;
import org.researchflow.rf.sandbox.PgDump;

/** Whatever stops rf, and whenever: nobody who reads a view sees it, and nobody has to clean up after it. */
@DisabledOnOs(OS.WINDOWS)
class FaultTest {

    private static final int KILLS = Integer.getInteger("rf.soak.kills", 10);
    private static final long SEED = Long.getLong("rf.soak.seed", 1);

    /** Every one of them takes all sessions along. */
    private static final int CRASHES = Math.max(2, KILLS / 10);

    @Test
    void readersNeverNoticeThatRfIsKilledAndTheNextRunSetsAllRight() throws Exception {
        try (TestDatabase database = TestPostgres.hapi880()) {
            Faults faults = new Faults(database, SEED);
            long reads = faults.happen(
                    KILLS,
                    List.of(Fault.PROCESS_KILLED, Fault.ONE_SESSION_TERMINATED, Fault.ALL_SESSIONS_TERMINATED),
                    false);
            assertThat(reads).isGreaterThan(KILLS);
        }
    }

    @Test
    void viewsSurviveACrashOfTheServer() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            TestDatabase database =
                    new TestDatabase("127.0.0.1", server.getPort(), "postgres", "postgres", "not-asked-for");
            try (InputStream dump = HapiDump.HAPI_880.open();
                    Connection connection = database.connect()) {
                PgDump.read(dump, new DumpReplay(connection));
            }
            Faults faults = new Faults(database, SEED);
            assertThat(faults.happen(CRASHES, List.of(Fault.SERVER_CRASHED), true))
                    .isPositive();
        }
    }

    /** HAPI's tables with bodies of observations that take minutes to read. */
    private static final String SLOW = """
            create schema slow;
            create view slow.hfj_resource as select * from public.hfj_resource;
            create view slow.hfj_res_tag as select * from public.hfj_res_tag;
            create view slow.hfj_tag_def as select * from public.hfj_tag_def;
            create function slow.wait(type text) returns boolean language sql volatile as
              'select case when type = ''Observation'' then pg_sleep(300) is not null else true end';
            create view slow.hfj_res_ver as
              select res_id, res_ver, res_type, res_encoding,
                     case when slow.wait(res_type) then res_text_vc end as res_text_vc
                from public.hfj_res_ver
            """;

    private static final List<String> CREATE_ALL = List.of("views", "create-all", "--hapi-schema", "slow");

    private static final String SLEEPING =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";

    @Test
    void ctrlCStopsTheStatementOnTheServerAndLeavesNothingHalf() throws Exception {
        try (TestDatabase database = TestPostgres.hapi880()) {
            database.execute(SLOW);
            try (RfRun run = RfRun.start(database, CREATE_ALL)) {
                awaitSleeping(database, 1);
                run.interrupt();
                Ended ended = run.end();
                assertThat(ended.code()).as(ended.err()).isEqualTo(130);
                assertThat(ended.out()).isEmpty();
            }
            awaitSleeping(database, 0);
            requireWholeAfterwards(database);
        }
    }

    @Test
    void aKilledRunsStatementDoesNotHoldUpTheNextRunForLong() throws Exception {
        try (TestDatabase database = TestPostgres.hapi880()) {
            database.execute(SLOW);
            try (RfRun run = RfRun.start(database, CREATE_ALL)) {
                awaitSleeping(database, 1);
                run.kill();
            }
            // The server's own look whether the client is there ends it.
            awaitSleeping(database, 0);
            requireWholeAfterwards(database);
        }
    }

    private static void awaitSleeping(TestDatabase database, int sessions) throws SQLException {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (database.count(SLEEPING) != sessions) {
            assertThat(Instant.now()).isBefore(deadline);
        }
    }

    /** The next run makes all that is missing. */
    private static void requireWholeAfterwards(TestDatabase database) throws SQLException {
        assertThat(database.count("select count(*) from pg_tables where schemaname = 'sqlonfhir_store'"
                        + " and tablename ~ '_(changes|portions)$'"))
                .isZero();
        database.execute(
                "create or replace function slow.wait(type text) returns boolean language sql as 'select true'");
        Rf rf = Rf.on(database);
        rf.run("views", "create-all", "--hapi-schema", "slow", "--lock-timeout", "1m")
                .done();
        rf.run("views", "verify", "--hapi-schema", "slow").done();
        assertThat(database.count("select count(*) from sqlonfhir.materialized_view_metadata"))
                .isEqualTo(7);
        assertThat(database.count("select count(*) from pg_tables where schemaname = 'sqlonfhir_store'"
                        + " and tablename ~ '^v[0-9]+_g[0-9]+$'"))
                .isEqualTo(7);
    }
}
