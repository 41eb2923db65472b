package org.researchflow.rf.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.Failure;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;

/** The life of materialized views in a database that a real HAPI server wrote. */
class BatchTest {

    private static final RunOptions REBUILD = RunOptions.DEFAULT.withRefresh(RunOptions.Refresh.REBUILD);

    private static final RunOptions IMPATIENT = REBUILD.withPatience(Duration.ZERO);

    private static final String PATIENTS = """
            {"resourceType": "ViewDefinition", "name": "patients", "resource": "Patient", "status": "active",
             "description": "All patients, one row each",
             "select": [{"column": [
               {"name": "id", "path": "getResourceKey()", "description": "The patient's key"},
               {"name": "gender", "path": "gender", "type": "code"}]}]}
            """;

    private static final String PATIENTS_WITH_BIRTH_DATE = PATIENTS.replace(
            "\"type\": \"code\"}", "\"type\": \"code\"}, {\"name\": \"birth_date\", \"path\": \"birthDate\"}");

    private static final String PATIENTS_WITHOUT_GENDER = PATIENTS.replace("\"name\": \"gender\"", "\"name\": \"sex\"");

    private static final String CONDITIONS = """
            {"resourceType": "ViewDefinition", "name": "conditions", "resource": "Condition", "status": "active",
             "select": [{"column": [
               {"name": "id", "path": "getResourceKey()"},
               {"name": "patient_id", "path": "subject.getReferenceKey(Patient)"},
               {"name": "recorded", "path": "recordedDate"}]}]}
            """;

    private static final long LIVE_PATIENTS = live("Patient");

    private TestDatabase database;
    private Batch batch;

    @BeforeEach
    void newCopy() {
        database = TestPostgres.hapi880();
        batch = BatchFixture.batch(database);
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private static long live(String type) {
        return HapiDump.HAPI_880.facts().live().getOrDefault(type, 0L);
    }

    private static ViewDefinition view(String json) {
        return ViewReader.read("test.json", json);
    }

    private Outcome create(String json) {
        return create(json, false, RunOptions.DEFAULT);
    }

    private Outcome create(String json, boolean replace, RunOptions options) {
        return batch.create(List.of(view(json)), replace, options, Heard.NOBODY).getFirst();
    }

    private Outcome refresh(String name, RunOptions options) {
        return batch.refresh(List.of(name), options, Heard.NOBODY).getFirst();
    }

    private ListedView listed(String name) {
        return batch.list(List.of()).stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Failure failure(Outcome outcome) {
        assertThat(outcome).isInstanceOfAny(Outcome.Failed.class, Outcome.Locked.class);
        return switch (outcome) {
            case Outcome.Failed failed -> failed.failure();
            case Outcome.Locked locked -> locked.failure();
            case Outcome.Unchanged _,
                    Outcome.Built _,
                    Outcome.Refreshed _,
                    Outcome.Recomputed _,
                    Outcome.Pending _,
                    Outcome.Dropped _ -> throw new AssertionError(outcome);
        };
    }

    private List<@Nullable String> query(String sql) throws SQLException {
        try (Connection connection = database.connect()) {
            return query(connection, sql);
        }
    }

    private static List<@Nullable String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<@Nullable String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        }
    }

    private List<@Nullable String> tables() throws SQLException {
        return query("select tablename from pg_tables where schemaname = 'sqlonfhir_store' and tablename ~ '^v[0-9]'"
                + " order by 1");
    }

    private List<@Nullable String> columns(String view) throws SQLException {
        return query("select column_name || ' ' || data_type from information_schema.columns"
                + " where table_schema = 'sqlonfhir' and table_name = '" + view + "' order by ordinal_position");
    }

    /** What a reader holds between two statements of a transaction: the view, but no snapshot. */
    private static void lock(Connection reader) throws SQLException {
        try (Statement statement = reader.createStatement()) {
            statement.execute("lock table sqlonfhir.patients in access share mode");
        }
    }

    private void breakPatients() throws SQLException {
        database.execute("""
                update hfj_res_ver v set res_text_vc = 'secret, no JSON'
                  from hfj_resource r
                 where r.res_id = v.res_id and r.res_ver = v.res_ver and r.res_type = 'Patient'
                   and r.res_deleted_at is null""");
    }

    @Test
    void aCreatedViewHoldsTheRowsOfAllLiveResources() throws SQLException {
        Heard heard = new Heard();
        List<Outcome> outcomes =
                batch.create(List.of(view(PATIENTS), view(CONDITIONS)), false, RunOptions.DEFAULT, heard);
        assertThat(outcomes).extracting(Outcome::view).containsExactly("patients", "conditions");
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Built.class));
        assertThat(heard.lines())
                .containsExactlyInAnyOrder(
                        "started patients",
                        "started conditions",
                        "Built patients " + LIVE_PATIENTS,
                        "Built conditions " + live("Condition"));
        assertThat(database.count("select count(*) from sqlonfhir.patients")).isEqualTo(LIVE_PATIENTS);
        assertThat(columns("patients")).containsExactly("id character varying", "gender character varying");
        assertThat(database.count("select count(*) from sqlonfhir.conditions c join sqlonfhir.patients p"
                        + " on p.id = c.patient_id"))
                .isPositive();
    }

    @Test
    void theStoredTableCarriesKeysIndexesAndComments() throws SQLException {
        create(PATIENTS);
        create(CONDITIONS);
        assertThat(database.count("select count(distinct rf_key) from sqlonfhir_store.v1_g1 where rf_version >= 1"))
                .isEqualTo(LIVE_PATIENTS);
        assertThat(query("select indexname || ' ' || substring(indexdef from '\\(.*') from pg_indexes"
                        + " where tablename ~ '^v[12]_g1' order by 1"))
                .containsExactly(
                        "v1_g1_i1 (rf_key)",
                        "v1_g1_i2 (id)",
                        "v1_g1_i3 (gender, id)",
                        "v2_g1_i1 (rf_key)",
                        "v2_g1_i2 (id)",
                        "v2_g1_i3 (patient_id)");
        assertThat(query("select obj_description('sqlonfhir.patients'::regclass) || ' / '"
                        + " || col_description('sqlonfhir.patients'::regclass, 1)"))
                .containsExactly("All patients, one row each / The patient's key");
        assertThat(
                        query(
                                "select distinct tablename from pg_stats where schemaname = 'sqlonfhir_store' and attname = 'rf_key' order by 1"))
                .containsExactly("v1_g1", "v2_g1");
    }

    @Test
    void viewsOfOneRunAgreeOnAWatermark() throws SQLException {
        List<Outcome> outcomes =
                batch.create(List.of(view(PATIENTS), view(CONDITIONS)), false, RunOptions.DEFAULT, Heard.NOBODY);
        assertThat(outcomes)
                .extracting(outcome -> ((Outcome.Built) outcome).watermark())
                .containsExactly(
                        listed("patients").materialization().watermark(),
                        listed("patients").materialization().watermark());
        assertThat(query("select count(distinct watermark) || ' ' || bool_and(pg_visible_in_snapshot("
                        + "pg_snapshot_xmin(watermark::pg_snapshot), pg_current_snapshot()))"
                        + " from sqlonfhir.materialized_view_metadata"))
                .containsExactly("1 true");
    }

    @Test
    void theSameDefinitionIsUnchangedWhateverItsLayout() throws SQLException {
        create(PATIENTS);
        assertThat(create(PATIENTS.replace("\n", "   "))).isEqualTo(new Outcome.Unchanged("patients"));
        assertThat(tables()).containsExactly("v1_g1");
    }

    @Test
    void anotherDefinitionIsRefusedAndTheDifferenceShown() throws SQLException {
        create(PATIENTS);
        Failure failure =
                failure(create(PATIENTS_WITH_BIRTH_DATE.replace("\"gender\", \"path\"", "\"sex\", \"path\"")));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(failure).hasMessage("view patients exists with another definition");
        assertThat(failure.notes().get("columns"))
                .containsExactly(
                        "- gender character varying", "+ sex character varying", "+ birth_date character varying");
        assertThat(failure.notes().get("difference"))
                .contains("- \"name\" : \"gender\",", "+ \"name\" : \"sex\",", "+ \"path\" : \"birthDate\"");
        assertThat(failure.notes().get("try")).singleElement().asString().contains("--replace");
        assertThat(columns("patients")).containsExactly("id character varying", "gender character varying");
        assertThat(tables()).containsExactly("v1_g1");
    }

    @Test
    void anotherTimeZoneIsAnotherDefinition() {
        create(PATIENTS);
        Batch elsewhere =
                new Batch(batch.database(), new SourceSettings("public", ZoneOffset.ofHours(5), FhirVersion.R4));
        Outcome outcome = elsewhere
                .create(List.of(view(PATIENTS)), false, RunOptions.DEFAULT, Heard.NOBODY)
                .getFirst();
        assertThat(failure(outcome).notes().get("settings"))
                .containsExactly(
                        "- FHIR R4, HAPI schema public, server time zone Z",
                        "+ FHIR R4, HAPI schema public, server time zone +05:00");
        assertThat(elsewhere.list(List.of()).getFirst().state()).isEqualTo(ListedView.State.STALE);
    }

    @Test
    void replacingAppendsColumnsAndLeavesDependentsGrantsAndOptionsAlone() throws SQLException {
        create(PATIENTS);
        database.execute("""
                drop role if exists analyst;
                create role analyst;
                grant select on sqlonfhir.patients, sqlonfhir_store.v1_g1 to analyst;
                alter view sqlonfhir.patients set (security_barrier = true);
                create view public.women as select * from sqlonfhir.patients where gender = 'female'
                """);
        assertThat(create(PATIENTS_WITH_BIRTH_DATE, true, RunOptions.DEFAULT)).isInstanceOf(Outcome.Built.class);
        assertThat(columns("patients"))
                .containsExactly("id character varying", "gender character varying", "birth_date character varying");
        assertThat(database.count("select count(*) from public.women")).isPositive();
        assertThat(query("select has_table_privilege('analyst', 'sqlonfhir.patients', 'select')"
                        + " and has_table_privilege('analyst', 'sqlonfhir_store.v1_g2', 'select')"))
                .containsExactly("t");
        assertThat(query("select reloptions from pg_class where oid = 'sqlonfhir.patients'::regclass"))
                .containsExactly("{security_barrier=true}");
        assertThat(tables()).containsExactly("v1_g2");
        database.execute("drop owned by analyst; drop role analyst");
    }

    @Test
    void removingAColumnIsRefusedWhileSomethingDependsOnTheView() throws SQLException {
        create(PATIENTS);
        database.execute("""
                create view public.women as select * from sqlonfhir.patients where gender = 'female';
                create materialized view public.few as select * from public.women limit 3
                """);
        Failure failure = failure(create(PATIENTS_WITHOUT_GENDER, true, RunOptions.DEFAULT));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(failure.notes().get("depends")).containsExactly("materialized view public.few", "view public.women");
        assertThat(failure.notes().get("try")).containsExactly("--cascade drops them too");
        assertThat(tables()).containsExactly("v1_g1");
        assertThat(create(PATIENTS_WITHOUT_GENDER, true, RunOptions.DEFAULT.withCascade(true)))
                .isInstanceOf(Outcome.Built.class);
        assertThat(columns("patients")).containsExactly("id character varying", "sex character varying");
        assertThat(query("select to_regclass('public.women')")).containsExactly((String) null);
    }

    @Test
    void aColumnWithALengthIsNotTakenForAChangedOne() throws SQLException {
        create(PATIENTS.replace(
                "\"type\": \"code\"",
                "\"type\": \"code\", \"tag\": [{\"name\": \"ansi/type\", \"value\": \"CHARACTER VARYING(20)\"}]"));
        database.execute("create view public.women as select * from sqlonfhir.patients where gender = 'female'");
        assertThat(refresh("patients", REBUILD)).isInstanceOf(Outcome.Built.class);
        assertThat(query("select format_type(atttypid, atttypmod) from pg_attribute"
                        + " where attrelid = 'public.women'::regclass and attname = 'gender'"))
                .containsExactly("character varying(20)");
    }

    @Test
    void removingAColumnPutsOwnerGrantsAndCommentsBack() throws SQLException {
        create(PATIENTS);
        database.execute("""
                drop role if exists analyst;
                drop role if exists steward;
                create role analyst;
                create role steward;
                grant usage, create on schema sqlonfhir to steward;
                grant select on sqlonfhir.patients to analyst with grant option;
                grant select (id) on sqlonfhir.patients to public;
                comment on column sqlonfhir.patients.id is 'the analysts'' words \\ kept';
                grant select on sqlonfhir_store.v1_g1 to steward;
                alter view sqlonfhir.patients owner to steward
                """);
        String withoutComments = PATIENTS_WITHOUT_GENDER
                .replace("\"description\": \"All patients, one row each\",", "")
                .replace(", \"description\": \"The patient's key\"", "");
        assertThat(create(withoutComments, true, RunOptions.DEFAULT)).isInstanceOf(Outcome.Built.class);
        assertThat(columns("patients")).containsExactly("id character varying", "sex character varying");
        assertThat(query("select relowner::regrole || ' ' || relacl::text || ' ' || attacl::text"
                        + " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id'"
                        + " where c.oid = 'sqlonfhir.patients'::regclass"))
                .singleElement()
                .asString()
                .contains("steward ", "analyst=r*/steward", "=r/steward");
        assertThat(query("select obj_description('sqlonfhir.patients'::regclass) || ' / '"
                        + " || col_description('sqlonfhir.patients'::regclass, 1)"))
                .containsExactly("All patients, one row each / the analysts' words \\ kept");
        try (Connection connection = database.connect()) {
            connection.createStatement().execute("grant usage on schema sqlonfhir to analyst; set role analyst");
            assertThat(query(connection, "select count(*) from sqlonfhir.patients"))
                    .containsExactly(Long.toString(LIVE_PATIENTS));
        }
        database.execute("drop owned by analyst, steward cascade; drop role analyst; drop role steward");
    }

    @Test
    void aFailedViewKeepsItsContentsAndStopsNoOther() throws SQLException {
        create(PATIENTS);
        create(CONDITIONS);
        breakPatients();
        List<Outcome> outcomes = batch.refreshAll(REBUILD.withStrict(true), Heard.NOBODY);
        assertThat(outcomes).extracting(Outcome::view).containsExactly("conditions", "patients");
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Built.class);
        assertThat(failure(outcomes.get(1)).what())
                .isEqualTo("bodies of Patient are not JSON that PostgreSQL can hold");
        assertThat(database.count("select count(*) from sqlonfhir.patients")).isEqualTo(LIVE_PATIENTS);
        assertThat(listed("patients").state()).isEqualTo(ListedView.State.FAILED);
        assertThat(listed("patients").because())
                .contains(failure(outcomes.get(1)).what());
        assertThat(listed("conditions").state()).isEqualTo(ListedView.State.FRESH);
        assertThat(tables()).containsExactly("v1_g1", "v2_g2");
        database.execute("update hfj_res_ver set res_text_vc = '{}' where res_text_vc = 'secret, no JSON'");
        assertThat(refresh("patients", REBUILD)).isInstanceOf(Outcome.Built.class);
        assertThat(listed("patients").state()).isEqualTo(ListedView.State.FRESH);
        assertThat(listed("patients").because()).isEmpty();
    }

    @Test
    void aFailedFirstBuildLeavesNothing() throws SQLException {
        breakPatients();
        assertThat(batch.create(List.of(view(PATIENTS)), false, RunOptions.DEFAULT.withStrict(true), Heard.NOBODY))
                .singleElement()
                .satisfies(outcome -> assertThat(failure(outcome).what()).contains("are not JSON"));
        assertThat(tables()).isEmpty();
        assertThat(batch.list(List.of())).isEmpty();
        assertThat(query("select to_regclass('sqlonfhir.patients')")).containsExactly((String) null);
    }

    @Test
    void aHeldLockNamesItsHolder() throws SQLException {
        create(PATIENTS);
        try (Connection holder = database.connect()) {
            holder.setClientInfo("ApplicationName", "rf on etl-2");
            ViewLock.take(holder, "patients", Duration.ZERO);
            assertThat(listed("patients").state()).isEqualTo(ListedView.State.REFRESHING);
            Failure failure = failure(refresh("patients", REBUILD));
            assertThat(failure.kind()).isEqualTo(Failure.Kind.LOCKED);
            assertThat(failure).hasMessage("patients is being refreshed by another run");
            assertThat(failure.notes().get("holder"))
                    .singleElement()
                    .asString()
                    .startsWith("rf on etl-2 on 127.0.0.1, " + "PostgreSQL pid "
                            + query(holder, "select pg_backend_pid()").getFirst() + ", since 2");
            assertThat(failure(batch.drop(List.of("patients"), RunOptions.DEFAULT)
                                    .getFirst())
                            .kind())
                    .isEqualTo(Failure.Kind.LOCKED);
        }
        assertThat(refresh("patients", REBUILD)).isInstanceOf(Outcome.Built.class);
    }

    @Test
    void locksAreTakenInOneOrderSoThatNoTwoRunsWaitForEachOther() throws SQLException {
        create(PATIENTS);
        create(CONDITIONS);
        try (Connection holder = database.connect()) {
            ViewLock.take(holder, "patients", Duration.ZERO);
            ViewLock.take(holder, "conditions", Duration.ZERO);
            Heard heard = new Heard();
            batch.refresh(List.of("patients", "conditions"), RunOptions.DEFAULT, heard);
            assertThat(heard.lines()).containsExactly("Locked conditions", "Locked patients");
        }
    }

    @Test
    void whatStopsARunIsKeptForEachOfItsViews() throws SQLException {
        create(PATIENTS);
        create(CONDITIONS);
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            statement.execute("alter database " + database.database() + " set lock_timeout = '50ms'");
            statement.execute("begin; lock table hfj_resource in access exclusive mode");
            Failure failure = catchThrowableOfType(
                    Failure.class,
                    () -> batch.refresh(List.of("patients", "conditions"), RunOptions.DEFAULT, Heard.NOBODY));
            assertThat(failure.kind()).isEqualTo(Failure.Kind.LOCKED);
            for (String view : List.of("patients", "conditions")) {
                assertThat(listed(view).state()).isEqualTo(ListedView.State.FAILED);
                assertThat(listed(view).because()).contains(failure.what());
            }
        }
        assertThat(refresh("patients", RunOptions.DEFAULT)).isInstanceOf(Outcome.Refreshed.class);
        assertThat(listed("patients").because()).isEmpty();
    }

    @Test
    void aFinishedRunHoldsNoLock() throws SQLException {
        try (Connection only = database.connect()) {
            Batch pooled = BatchFixture.batch(database);
            pooled.create(List.of(view(PATIENTS), view(CONDITIONS)), false, RunOptions.DEFAULT, Heard.NOBODY);
            assertThat(query(only, "select count(*) from pg_locks where locktype = 'advisory'"))
                    .containsExactly("0");
        }
    }

    @Test
    void twoCreatesAtOnceMakeOneViewAndOneCatalog() throws Exception {
        List<Callable<Outcome>> creates = List.of(
                () -> create(PATIENTS), () -> create(PATIENTS), () -> create(CONDITIONS), () -> create(PATIENTS));
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (var done : threads.invokeAll(creates)) {
                outcomes.add(done.get());
            }
        }
        assertThat(outcomes)
                .filteredOn(outcome -> outcome instanceof Outcome.Built)
                .extracting(Outcome::view)
                .containsExactlyInAnyOrder("patients", "conditions");
        assertThat(outcomes).noneMatch(outcome -> outcome instanceof Outcome.Failed);
        assertThat(tables()).hasSize(2);
    }

    @Test
    void aReaderWithAnOldSnapshotNeverSeesAnEmptyView() throws SQLException {
        create(PATIENTS);
        String count = "select count(*) from sqlonfhir.patients";
        try (Connection reader = database.connect()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            query(reader, "select 1");
            Outcome outcome = refresh("patients", IMPATIENT);
            assertThat(outcome).isInstanceOf(Outcome.Pending.class);
            assertThat(((Outcome.Pending) outcome).waitingFor())
                    .singleElement()
                    .asString()
                    .contains(
                            "PostgreSQL pid "
                                    + query(reader, "select pg_backend_pid()").getFirst(),
                            "since 2");
            assertThat(query(reader, count)).containsExactly(Long.toString(LIVE_PATIENTS));
            assertThat(tables()).containsExactly("v1_g1", "v1_g2");
            reader.commit();
        }
        assertThat(create(PATIENTS)).isInstanceOf(Outcome.Built.class);
        assertThat(tables()).containsExactly("v1_g2");
        assertThat(query(count)).containsExactly(Long.toString(LIVE_PATIENTS));
        assertThat(create(PATIENTS)).isInstanceOf(Outcome.Unchanged.class);
    }

    @Test
    void readersNeverSeeAnEmptyViewWhileItIsRefreshedAgainAndAgain() throws Exception {
        create(PATIENTS);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            var refreshing = threads.submit(() -> {
                List<Outcome> outcomes = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    outcomes.add(refresh("patients", REBUILD));
                }
                return outcomes;
            });
            try (Connection reader = database.connect()) {
                reader.setAutoCommit(false);
                reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                while (!refreshing.isDone()) {
                    query(reader, "select 1");
                    assertThat(query(reader, "select count(*) from sqlonfhir.patients"))
                            .containsExactly(Long.toString(LIVE_PATIENTS));
                    reader.commit();
                }
            }
            assertThat(refreshing.get())
                    .hasSize(5)
                    .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Built.class));
        }
    }

    @Test
    void aReaderHoldingTheViewLeavesThePublicationToTheNextRun() throws SQLException {
        create(PATIENTS);
        try (Connection reader = database.connect()) {
            reader.setAutoCommit(false);
            lock(reader);
            Outcome outcome = refresh("patients", IMPATIENT);
            assertThat(outcome).isInstanceOf(Outcome.Pending.class);
            assertThat(((Outcome.Pending) outcome).waitingFor())
                    .singleElement()
                    .asString()
                    .endsWith("PostgreSQL pid "
                            + query(reader, "select pg_backend_pid()").getFirst());
            reader.commit();
        }
        assertThat(refresh("patients", REBUILD)).isInstanceOf(Outcome.Built.class);
        assertThat(tables()).containsExactly("v1_g3");
    }

    @Test
    void aReaderThatFinishesInTimeIsWaitedFor() throws Exception {
        create(PATIENTS);
        try (Connection reader = database.connect();
                ExecutorService threads = Executors.newFixedThreadPool(1)) {
            reader.setAutoCommit(false);
            lock(reader);
            Heard heard = new Heard();
            var refreshed = threads.submit(
                    () -> batch.refresh(List.of("patients"), REBUILD, heard).getFirst());
            // The build is done, and its publication is in the way of nobody.
            while (database.count("select count(*) from sqlonfhir_store.generation") < 2) {
                Thread.onSpinWait();
            }
            reader.commit();
            assertThat(refreshed.get()).isInstanceOf(Outcome.Built.class);
        }
    }

    @Test
    void aDefinitionWaitingForPublicationIsTheOneThatIsRefreshed() throws SQLException {
        create(PATIENTS);
        try (Connection reader = database.connect()) {
            reader.setAutoCommit(false);
            lock(reader);
            assertThat(create(PATIENTS_WITH_BIRTH_DATE, true, IMPATIENT)).isInstanceOf(Outcome.Pending.class);
            reader.commit();
        }
        assertThat(refresh("patients", REBUILD)).isInstanceOf(Outcome.Built.class);
        assertThat(columns("patients"))
                .containsExactly("id character varying", "gender character varying", "birth_date character varying");
    }

    @Test
    void replacingWhileAnotherDefinitionWaitsForItsPublicationPublishesTheNewest() throws SQLException {
        create(PATIENTS);
        try (Connection reader = database.connect()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            query(reader, "select 1");
            assertThat(create(PATIENTS_WITH_BIRTH_DATE, true, IMPATIENT)).isInstanceOf(Outcome.Pending.class);
            // What waits is what was asked for last: going back is a replacement, too.
            assertThat(failure(create(PATIENTS, false, IMPATIENT)))
                    .hasMessage("view patients exists with another definition");
            assertThat(create(PATIENTS_WITHOUT_GENDER, true, IMPATIENT)).isInstanceOf(Outcome.Pending.class);
            assertThat(query(reader, "select count(*) from sqlonfhir.patients"))
                    .containsExactly(Long.toString(LIVE_PATIENTS));
            reader.commit();
        }
        assertThat(refresh("patients", RunOptions.DEFAULT)).isInstanceOf(Outcome.Built.class);
        assertThat(columns("patients")).containsExactly("id character varying", "sex character varying");
        assertThat(tables()).hasSize(1);
        assertThat(refresh("patients", RunOptions.DEFAULT)).isInstanceOf(Outcome.Refreshed.class);
        assertThat(query("select count(*) from sqlonfhir_store.generation")).containsExactly("1");
    }

    @Test
    void leftoversOfEarlierRunsAreCollected() throws SQLException {
        create(PATIENTS);
        database.execute("create table sqlonfhir_store.v1_g0 (); create table sqlonfhir_store.v11_g0 ()");
        refresh("patients", REBUILD);
        assertThat(tables()).containsExactly("v11_g0", "v1_g2");
        assertThat(query("select view_number || ' ' || generation from sqlonfhir_store.generation"))
                .containsExactly("1 2");
    }

    @Test
    void aUsersOwnRelationIsNeverTouched() throws SQLException {
        create(CONDITIONS);
        database.execute("create table sqlonfhir.patients as select 'mine' as whose");
        Failure failure = failure(create(PATIENTS, true, RunOptions.DEFAULT.withCascade(true)));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(failure).hasMessage("there is already a relation patients in the schema sqlonfhir");
        database.execute("drop view sqlonfhir.conditions; create view sqlonfhir.conditions as select 'mine' as whose");
        assertThat(failure(refresh("conditions", REBUILD)))
                .hasMessage("there is already a relation conditions in the schema sqlonfhir");
        assertThat(listed("conditions").because())
                .contains("there is already a relation conditions in the schema sqlonfhir");
        assertThat(batch.drop(List.of("conditions"), RunOptions.DEFAULT))
                .containsExactly(new Outcome.Dropped("conditions"));
        assertThat(query("select whose from sqlonfhir.patients union all select whose from sqlonfhir.conditions"))
                .containsExactly("mine", "mine");
    }

    @Test
    void aViewThatSomebodyDroppedComesBack() throws SQLException {
        create(PATIENTS);
        database.execute("drop view sqlonfhir.patients");
        assertThat(listed("patients").state()).isEqualTo(ListedView.State.FAILED);
        assertThat(create(PATIENTS)).isInstanceOf(Outcome.Built.class);
        assertThat(listed("patients").state()).isEqualTo(ListedView.State.FRESH);
    }

    @Test
    void namesThatPostgresqlWouldCutOffAreRefused() {
        Failure view = catchThrowableOfType(
                Failure.class, () -> create(PATIENTS.replace("\"patients\"", "\"" + "p".repeat(64) + "\"")));
        assertThat(view.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(view.what()).contains("too long");
        Failure column = catchThrowableOfType(
                Failure.class,
                () -> create(PATIENTS.replace("\"name\": \"gender\"", "\"name\": \"" + "g".repeat(64) + "\"")));
        assertThat(column.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(column.what()).contains("too long");
        Failure taken = catchThrowableOfType(
                Failure.class, () -> create(PATIENTS.replace("\"name\": \"gender\",", "\"name\": \"rf_key\",")));
        assertThat(taken).hasMessage("column \"rf_key\" of patients cannot be stored");
    }

    @Test
    void namesThatNeedQuotingWork() throws SQLException {
        String odd = PATIENTS.replace("\"patients\"", "\"Patients_Of_2026\"")
                .replace("\"name\": \"gender\"", "\"name\": \"user\"");
        assertThat(create(odd)).isInstanceOf(Outcome.Built.class);
        assertThat(refresh("Patients_Of_2026", REBUILD)).isInstanceOf(Outcome.Built.class);
        assertThat(database.count("select count(\"user\") from sqlonfhir.\"Patients_Of_2026\""))
                .isPositive();
        assertThat(batch.drop(List.of("Patients_Of_2026"), RunOptions.DEFAULT)).hasSize(1);
    }

    @Test
    void anEngineerWithoutSuperuserRightsIsToldTheGrantAndThenCan() throws SQLException {
        database.execute("""
                drop role if exists engineer;
                create role engineer login password 'only-for-tests';
                grant select on all tables in schema public to engineer
                """);
        TestDatabase asEngineer = database.as(database.database(), "engineer", "only-for-tests");
        Batch theirs = BatchFixture.batch(asEngineer);
        Failure failure = catchThrowableOfType(
                Failure.class, () -> theirs.create(List.of(view(PATIENTS)), false, RunOptions.DEFAULT, Heard.NOBODY));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.FAILED);
        assertThat(failure.notes().get("try"))
                .containsExactly("GRANT CREATE ON DATABASE " + database.database() + " TO engineer;");
        database.execute(failure.notes().getOrDefault("try", List.of()).getFirst());
        assertThat(theirs.create(List.of(view(PATIENTS)), false, RunOptions.DEFAULT, Heard.NOBODY))
                .singleElement()
                .isInstanceOf(Outcome.Built.class);
        try (Connection superuser = database.connect()) {
            superuser.setAutoCommit(false);
            superuser.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            query(superuser, "select 1");
            assertThat(theirs.refresh(List.of("patients"), IMPATIENT, Heard.NOBODY))
                    .singleElement()
                    .isInstanceOf(Outcome.Pending.class);
        }
        assertThat(theirs.drop(List.of("patients"), RunOptions.DEFAULT)).hasSize(1);
        database.execute("drop owned by engineer; drop role engineer");
    }

    @Test
    void schemasThatSomebodyElseOwnsWillDo() throws SQLException {
        database.execute("""
                drop role if exists engineer;
                create role engineer login password 'only-for-tests';
                grant select on all tables in schema public to engineer;
                create schema sqlonfhir;
                create schema sqlonfhir_store;
                grant usage, create on schema sqlonfhir, sqlonfhir_store to engineer
                """);
        Batch theirs = BatchFixture.batch(database.as(database.database(), "engineer", "only-for-tests"));
        assertThat(theirs.create(List.of(view(PATIENTS)), false, RunOptions.DEFAULT, Heard.NOBODY))
                .singleElement()
                .isInstanceOf(Outcome.Built.class);
        assertThat(theirs.refresh(List.of("patients"), RunOptions.DEFAULT, Heard.NOBODY))
                .singleElement()
                .isInstanceOf(Outcome.Refreshed.class);
        assertThat(theirs.drop(List.of("patients"), RunOptions.DEFAULT)).hasSize(1);
        database.execute("drop owned by engineer cascade; drop role engineer");
    }

    @Test
    void aVacuumHoldsUpNoPublicationOfWhoSeesNothingOfItButItsSnapshot() throws SQLException {
        database.execute("""
                drop role if exists engineer;
                create role engineer login password 'only-for-tests';
                grant select on all tables in schema public to engineer;
                grant create on database %s to engineer
                """.formatted(database.database()));
        Batch theirs = BatchFixture.batch(database.as(database.database(), "engineer", "only-for-tests"));
        theirs.create(List.of(view(PATIENTS)), false, RunOptions.DEFAULT, Heard.NOBODY);
        try (Connection superuser = database.connect()) {
            database.execute("alter system set autovacuum_naptime = 1");
            query(superuser, "select pg_reload_conf()");
            database.execute("""
                    create table worn as select n, repeat('x', 200) as text from generate_series(1, 100000) n;
                    alter table worn set (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
                                          autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
                    delete from worn where n % 2 = 0
                    """);
            // Of this table alone: a vacuum of another may end at any moment.
            String vacuums = "select pid from pg_stat_activity join pg_stat_progress_vacuum using (pid)"
                    + " where relid = 'worn'::regclass and backend_xmin is not null";
            for (int i = 0; i < 600 && query(superuser, vacuums).isEmpty(); i++) {
                query(superuser, "select pg_sleep(0.1)");
            }
            assertThat(query(superuser, vacuums)).isNotEmpty();
            assertThat(theirs.refresh(List.of("patients"), IMPATIENT, Heard.NOBODY))
                    .singleElement()
                    .isInstanceOf(Outcome.Built.class);
            assertThat(query(superuser, vacuums)).isNotEmpty();
            database.execute("alter system reset autovacuum_naptime");
            query(superuser, "select pg_reload_conf()");
        }
        assertThat(theirs.drop(List.of("patients"), RunOptions.DEFAULT)).hasSize(1);
        database.execute("drop table worn; drop owned by engineer; drop role engineer");
    }

    @Test
    void staleIsComputedWhenRead() throws SQLException {
        create(PATIENTS);
        ListedView fresh = listed("patients");
        assertThat(fresh.state()).isEqualTo(ListedView.State.FRESH);
        assertThat(fresh.materialization().rows()).isEqualTo(LIVE_PATIENTS);
        assertThat(fresh.materialization().columns()).isEqualTo(2);
        assertThat(fresh.materialization().resourceType()).isEqualTo("Patient");
        assertThat(fresh.sizeBytes()).isPositive();
        create(PATIENTS.replace("\"patients\"", "\"patient_simple\""));
        ListedView changed = batch.list(List.of(Pack.FHIR)).getFirst();
        assertThat(changed.name()).isEqualTo("patient_simple");
        assertThat(changed.state()).isEqualTo(ListedView.State.STALE);
        assertThat(changed.because()).contains("its definition changed");
        batch.drop(List.of("patient_simple"), RunOptions.DEFAULT);
        database.execute("update sqlonfhir.materialized_view_metadata set compiler_version = -1");
        assertThat(listed("patients").because()).contains("it was built by another version of the compiler");
        refresh("patients", REBUILD);
        database.execute("update sqlonfhir.materialized_view_metadata set watermark_at = now() - interval '25 h'");
        assertThat(listed("patients").because()).contains("limit 24 h");
        database.execute("update sqlonfhir.materialized_view_metadata set refresh_interval = interval '26 h'");
        assertThat(listed("patients").state()).isEqualTo(ListedView.State.FRESH);
    }

    @Test
    void droppingRemovesTheViewItsRowsAndItsCatalogEntry() throws SQLException {
        create(PATIENTS);
        create(CONDITIONS);
        database.execute("create view public.women as select * from sqlonfhir.patients where gender = 'female'");
        Failure failure =
                failure(batch.drop(List.of("patients"), RunOptions.DEFAULT).getFirst());
        assertThat(failure).hasMessage("patients cannot be dropped: 1 object depends on it");
        assertThat(database.count("select count(*) from public.women")).isPositive();
        assertThat(batch.drop(List.of("patients"), RunOptions.DEFAULT.withCascade(true)))
                .containsExactly(new Outcome.Dropped("patients"));
        assertThat(tables()).containsExactly("v2_g1");
        assertThat(batch.list(List.of())).extracting(ListedView::name).containsExactly("conditions");
        assertThat(create(PATIENTS)).isInstanceOf(Outcome.Built.class);
        assertThat(tables()).containsExactly("v2_g1", "v3_g1");
    }

    @Test
    void droppingIsRefusedWhileSomethingDependsOnTheStoredRows() throws SQLException {
        create(PATIENTS);
        database.execute("create view public.keys as select rf_key from sqlonfhir_store.v1_g1");
        Failure failure =
                failure(batch.drop(List.of("patients"), RunOptions.DEFAULT).getFirst());
        assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(failure)
                .hasMessage(
                        "patients cannot be dropped: something depends on its stored rows in sqlonfhir_store.v1_g1");
        assertThat(query("select count(*) from sqlonfhir.patients")).containsExactly(Long.toString(LIVE_PATIENTS));
        // A new generation comes all the same; the old rows stay for who still uses them.
        assertThat(refresh("patients", REBUILD)).isInstanceOf(Outcome.Built.class);
        assertThat(refresh("patients", RunOptions.DEFAULT)).isInstanceOf(Outcome.Refreshed.class);
        assertThat(tables()).containsExactly("v1_g1", "v1_g2");
        assertThat(batch.drop(List.of("patients"), RunOptions.DEFAULT.withCascade(true)))
                .containsExactly(new Outcome.Dropped("patients"));
        assertThat(tables()).isEmpty();
        assertThat(query("select count(*) from pg_class where relname = 'keys'"))
                .containsExactly("0");
    }

    @Test
    void unknownViewsAreNamed() {
        assertThat(batch.list(List.of())).isEmpty();
        Failure refresh = catchThrowableOfType(Failure.class, () -> refresh("patients", REBUILD));
        assertThat(refresh.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(refresh).hasMessage("no view named \"patients\"");
        Failure drop = catchThrowableOfType(Failure.class, () -> batch.drop(List.of("patients"), RunOptions.DEFAULT));
        assertThat(drop).hasMessage("no view named \"patients\"");
    }
}
