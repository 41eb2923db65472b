package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.researchflow.rf.TestDatabase;

/**
 * Runs of rf that are stopped at random moments by something terrible, while others read the views: whatever happens,
 * readers find what was there before or what comes next, and the next refresh sets everything right.
 */
final class Faults {

    /** What happens to a run. */
    enum Fault {
        /** SIGKILL: nothing of rf's is run any more. */
        PROCESS_KILLED,
        ONE_SESSION_TERMINATED,
        ALL_SESSIONS_TERMINATED,
        /** PostgreSQL restarts after a crash, and recovers from its log. */
        SERVER_CRASHED
    }

    /** What a run was to do. */
    private enum Command {
        REFRESH,
        REBUILD,
        /** Views that come and go. */
        CREATE_OR_DROP
    }

    private static final List<String> LASTING =
            List.of("patient_simple", "patient_demographics", "condition_simple", "encounter_simple");

    private static final List<String> COMING_AND_GOING = List.of("procedure_history", "medication_requests");

    private final TestDatabase database;
    private final Rf rf;
    private final Random random;
    private final GoodStates good = new GoodStates(COMING_AND_GOING);
    private final Map<String, String> computed = new LinkedHashMap<>();
    private final Map<Command, Duration> usual = new HashMap<>();
    private int written;

    /** Creates the views in a database that HAPI wrote. */
    Faults(TestDatabase database, long seed) throws SQLException {
        this.database = database;
        this.rf = Rf.on(database);
        this.random = new Random(seed);
        database.execute("create sequence faults_pid start 100000000; analyze");
        for (String view : LASTING) {
            rf.run("views", "create", view).done();
        }
        for (String view : List.of(LASTING, COMING_AND_GOING).stream()
                .flatMap(List::stream)
                .toList()) {
            computed.put(view, rf.run("views", "sql", view).done().out().strip());
        }
        good.add(expected());
        good.settle();
    }

    /** Lets runs meet faults, with readers at work; says how many reads there were. */
    long happen(int count, List<Fault> faults, boolean readersLoseSessions) throws Exception {
        for (Command command : Command.values()) {
            usual.put(command, undisturbed(command));
        }
        long reads;
        try (Readers readers = new Readers(database, good, readersLoseSessions)) {
            for (int i = 0; i < count; i++) {
                Command command = Command.values()[random.nextInt(Command.values().length)];
                Fault fault = faults.get(random.nextInt(faults.size()));
                String told = i + ": " + fault + " during " + command;
                write();
                happen(command, fault, told);
                recover(told);
                readers.requireNoComplaint(told);
            }
            reads = readers.reads();
        }
        // Readers may have kept the last tables from being dropped.
        recover("afterwards");
        requireNothingLeft();
        return reads;
    }

    private Duration undisturbed(Command command) throws IOException, SQLException, InterruptedException {
        write();
        try (RfRun run = RfRun.start(database, arguments(command))) {
            awaitSession(run);
            long begun = System.nanoTime();
            Ended ended = run.end();
            ended.done();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            recover("undisturbed " + command);
            return took;
        }
    }

    private void happen(Command command, Fault fault, String told)
            throws IOException, SQLException, InterruptedException {
        long within = Objects.requireNonNull(usual.get(command))
                .multipliedBy(5)
                .dividedBy(4)
                .toNanos();
        try (RfRun run = RfRun.start(database, arguments(command))) {
            awaitSession(run);
            LockSupport.parkNanos(random.nextLong(within));
            switch (fault) {
                case PROCESS_KILLED -> run.kill();
                case ONE_SESSION_TERMINATED -> terminate("order by random() limit 1");
                case ALL_SESSIONS_TERMINATED -> terminate("");
                case SERVER_CRASHED -> crash();
            }
            if (fault != Fault.PROCESS_KILLED) {
                Ended ended = run.end();
                assertThat(ended.code()).as(told + "\n" + ended.err()).isIn(0, 1, 3, 5);
                assertThat(ended.err()).as(told).doesNotContain("mistake in rf", "Exception");
            }
        }
    }

    /** Until rf is connected nothing can happen to it that matters. */
    private void awaitSession(RfRun run) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            boolean connected = false;
            while (!connected && run.isAlive()) {
                try (ResultSet row = statement.executeQuery("select exists (" + sessions("") + ")")) {
                    row.next();
                    connected = row.getBoolean(1);
                }
            }
        }
    }

    private static String sessions(String which) {
        return "select pid from pg_stat_activity where datname = current_database() and application_name like 'rf%' "
                + which;
    }

    private void terminate(String which) throws SQLException {
        database.execute("select pg_terminate_backend(pid) from (" + sessions(which) + ") s");
    }

    /** Kills a session's process: PostgreSQL ends all others at once, since what they share may be spoilt. */
    private void crash() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            assertThat(ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly())
                    .isTrue();
        } catch (SQLException e) {
            // The session that asked is among those that ended.
            assertThat(e.getSQLState()).startsWith("08");
        }
        while (!accepts()) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private boolean accepts() throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
            return connection.isValid(5);
        } catch (SQLException e) {
            if (!Readers.isOfALostServer(e)) {
                throw e;
            }
            return false;
        }
    }

    private List<String> arguments(Command command) throws SQLException {
        List<String> arguments = new ArrayList<>(List.of("views"));
        switch (command) {
            case REFRESH -> arguments.add("refresh-all");
            case REBUILD -> arguments.addAll(List.of("refresh-all", "--rebuild"));
            case CREATE_OR_DROP -> {
                String view = COMING_AND_GOING.get(random.nextInt(COMING_AND_GOING.size()));
                arguments.addAll(isThere(view) ? List.of("drop", view, "--yes") : List.of("create", view));
            }
        }
        return arguments;
    }

    private boolean isThere(String view) throws SQLException {
        return database.count(
                        "select count(*) from pg_views where schemaname = 'sqlonfhir' and viewname = '" + view + "'")
                > 0;
    }

    /** Changes a tenth of the resources, and deletes one, as HAPI does, in one transaction. */
    private void write() throws SQLException {
        written++;
        database.execute("""
                with changed as (
                  update hfj_resource
                     set res_ver = res_ver + 1, res_updated = localtimestamp,
                         res_deleted_at = case when res_id = (select min(res_id) from hfj_resource
                                                               where res_type = 'Condition' and res_deleted_at is null)
                                               then localtimestamp end
                   where res_type in ('Patient', 'Condition', 'Encounter', 'Procedure', 'MedicationRequest')
                     and res_deleted_at is null
                     and (res_id %% 10 = %1$d %% 10
                          or res_id = (select min(res_id) from hfj_resource
                                        where res_type = 'Condition' and res_deleted_at is null))
                  returning *)
                insert into hfj_res_ver (pid, res_id, res_ver, res_type, res_encoding, has_tags, res_published,
                                         res_updated, res_deleted_at, res_text_vc)
                select nextval('faults_pid'), c.res_id, c.res_ver, c.res_type, 'JSON', c.has_tags, c.res_published,
                       c.res_updated, c.res_deleted_at,
                       (v.res_text_vc::jsonb || jsonb_build_object(
                         'birthDate', date '1940-01-01' + %1$d, 'recordedDate', date '2000-01-01' + %1$d,
                         'status', 'written-%1$d'))::text
                  from changed c
                  join hfj_res_ver v on v.res_id = c.res_id and v.res_ver = c.res_ver - 1
                """.formatted(written));
        good.add(expected());
    }

    private Map<String, String> expected() throws SQLException {
        Map<String, String> contents = new HashMap<>();
        for (Map.Entry<String, String> view : computed.entrySet()) {
            contents.put(view.getKey(), Readers.contents(database, "(" + view.getValue() + ")"));
        }
        return contents;
    }

    /** The next run needs no help, and leaves nothing of the one before. */
    private void recover(String told) throws SQLException {
        Ended refreshed = rf.run("views", "refresh-all", "--lock-timeout", "1m");
        assertThat(refreshed.code()).as(told + "\n" + refreshed.err()).isZero();
        assertThat(refreshed.err()).as(told).contains("skipped=0");
        good.settle();
        Ended verified = rf.run("views", "verify");
        assertThat(verified.code())
                .as(told + "\n" + verified.out() + verified.err())
                .isZero();
        for (String view : computed.keySet()) {
            if (LASTING.contains(view) || isThere(view)) {
                assertThat(good.isGood(view, Readers.contents(database, "sqlonfhir." + view), good.settled()))
                        .as(told + ": " + view)
                        .isTrue();
            }
        }
        assertThat(Hapi.column(database, """
                        select pid::text from pg_locks
                         where locktype = 'advisory'
                           and database = (select oid from pg_database where datname = current_database())
                        """)).as(told).isEmpty();
    }

    private void requireNothingLeft() throws SQLException {
        String published = "select view_number, generation from sqlonfhir.materialized_view_metadata";
        assertThat(Hapi.column(database, """
                        select tablename from pg_tables
                         where schemaname = 'sqlonfhir_store' and tablename ~ '^v[0-9]+_'
                           and tablename not in (select 'v' || view_number || '_g' || generation from (%1$s) m)
                         union all
                        select 'generation of ' || view_name from sqlonfhir_store.generation
                         where (view_number, generation) not in (%1$s)
                         union all
                        select 'digests of ' || view_number from sqlonfhir_store.tag_digest
                         where (view_number, generation) not in (%1$s)
                         union all
                        select 'resources set aside of ' || view_number from sqlonfhir_store.set_aside
                         where (view_number, generation) not in (%1$s)
                        """.formatted(published))).isEmpty();
    }
}
