package org.researchflow.rf.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.batch.RunOptions.Refresh;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;

/** Refreshing at the cost of what changed, in a database that a HAPI server goes on writing to. */
class IncrementalTest {

    private static final String CODES = """
            {"resourceType": "ViewDefinition", "name": "codes", "resource": "Condition", "status": "active",
             "select": [{"column": [{"name": "id", "path": "getResourceKey()"}]},
                        {"forEach": "code.coding", "column": [{"name": "code", "path": "code"}]}]}
            """;

    private static final String TAGS = """
            {"resourceType": "ViewDefinition", "name": "tags", "resource": "Condition", "status": "active",
             "select": [{"column": [{"name": "id", "path": "getResourceKey()"}]},
                        {"forEach": "meta.tag", "column": [{"name": "tag", "path": "code"}]}]}
            """;

    private TestDatabase database;
    private Batch batch;

    @BeforeEach
    void newCopy() throws SQLException {
        database = TestPostgres.hapi880();
        HapiWriter.prepare(database);
        batch = BatchFixture.batch(database);
        batch.create(List.of(view(CODES), view(TAGS)), false, RunOptions.DEFAULT, Heard.NOBODY);
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private static ViewDefinition view(String json) {
        return ViewReader.read("test.json", json);
    }

    private static String condition(String... codes) {
        return "{\"resourceType\": \"Condition\", \"code\": {\"coding\": ["
                + String.join(
                        ", ",
                        List.of(codes).stream()
                                .map("{\"code\": \"%s\"}"::formatted)
                                .toList()) + "]}}";
    }

    private Outcome refresh(String view, Refresh thoroughness) {
        return batch.refresh(List.of(view), RunOptions.DEFAULT.withRefresh(thoroughness), Heard.NOBODY)
                .getFirst();
    }

    private Outcome.Refreshed refreshed(String view) {
        return (Outcome.Refreshed) refresh(view, Refresh.CHANGES);
    }

    private Outcome.Refreshed exactly(String view) {
        return (Outcome.Refreshed) refresh(view, Refresh.EXACT);
    }

    private String because(String view) {
        return ((Outcome.Built) refresh(view, Refresh.CHANGES)).because().orElseThrow();
    }

    private void requireRight(String view) {
        assertThat(batch.verify(List.of(view))).singleElement().satisfies(verified -> {
            assertThat(verified.missing()).isZero();
            assertThat(verified.extra()).isZero();
            assertThat(verified.newer()).isZero();
        });
    }

    private String store(String view) {
        return batch.list(List.of()).stream()
                .filter(listed -> listed.name().equals(view))
                .findFirst()
                .orElseThrow()
                .materialization()
                .store();
    }

    private long rows(String view) throws SQLException {
        return database.count("select count(*) from sqlonfhir." + view);
    }

    private static HapiWriter writer(Connection connection) {
        return new HapiWriter(connection);
    }

    @Test
    void whatWasCreatedChangedAndDeletedIsAllThatIsTouched() throws SQLException {
        long before = rows("codes");
        assertThat(refreshed("codes").changed()).isZero();
        try (Connection connection = database.connect()) {
            HapiWriter writer = writer(connection);
            long one = writer.create("Condition", condition("a", "b"));
            long other = writer.create("my-own-id", "Condition", condition("c"));
            writer.create("Patient", "{\"resourceType\": \"Patient\"}");
            Outcome.Refreshed created = refreshed("codes");
            assertThat(created.changed()).isEqualTo(2);
            assertThat(created.inserted()).isEqualTo(3);
            assertThat(created.rows()).isEqualTo(before + 3).isEqualTo(rows("codes"));
            writer.update(one, condition("d"), 2);
            writer.delete(other, false);
            Outcome.Refreshed changed = refreshed("codes");
            assertThat(changed.changed()).isEqualTo(2);
            assertThat(changed.deleted()).isEqualTo(3);
            assertThat(changed.inserted()).isEqualTo(1);
            writer.update(other, condition("e"), 0);
            writer.update(one, condition(), 0);
            assertThat(refreshed("codes").rows()).isEqualTo(before + 1);
            assertThat(database.count("select count(*) from sqlonfhir.codes where id = 'my-own-id' and code = 'e'"))
                    .isEqualTo(1);
        }
        assertThat(batch.list(List.of()).getFirst().materialization().rows()).isEqualTo(before + 1);
        requireRight("codes");
    }

    @Test
    void oneRunBringsAllViewsToOneMoment() throws SQLException {
        try (Connection connection = database.connect()) {
            writer(connection).create("Condition", condition("a"));
        }
        List<Outcome> outcomes = batch.refreshAll(RunOptions.DEFAULT, Heard.NOBODY);
        assertThat(outcomes)
                .allSatisfy(outcome ->
                        assertThat(((Outcome.Refreshed) outcome).changed()).isEqualTo(1));
        assertThat(outcomes)
                .extracting(outcome -> ((Outcome.Refreshed) outcome).watermark())
                .containsOnly(batch.list(List.of()).getFirst().materialization().watermark());
    }

    @Test
    void aTransactionThatCommitsAfterARefreshIsNotMissed() throws SQLException {
        try (Connection slow = database.connect();
                Connection quick = database.connect()) {
            slow.setAutoCommit(false);
            long late = writer(slow).create("Condition", condition("late"));
            writer(slow).touch(late, 3600);
            long quickly = writer(quick).create("Condition", condition("quick"));
            writer(quick).touch(quickly, -3600);
            assertThat(refreshed("codes").changed()).isEqualTo(1);
            slow.commit();
            assertThat(refreshed("codes").inserted()).isEqualTo(2);
        }
        requireRight("codes");
    }

    @Test
    void aTransactionThatStaysOpenAcrossTwoRefreshesIsNotMissed() throws SQLException {
        try (Connection slow = database.connect();
                Connection quick = database.connect()) {
            slow.setAutoCommit(false);
            writer(slow).create("Condition", condition("late"));
            for (String code : List.of("one", "two")) {
                writer(quick).create("Condition", condition(code));
                assertThat(refreshed("codes").inserted()).isPositive();
            }
            slow.commit();
            assertThat(refreshed("codes").inserted()).isPositive();
            assertThat(database.count("select count(*) from sqlonfhir.codes where code in ('late', 'one', 'two')"))
                    .isEqualTo(3);
        }
        requireRight("codes");
        assertThat(refreshed("codes").changed()).isZero();
    }

    @Test
    void whatARunLeftThatEndedBehindItsPublicationIsCollectedByTheNextRefresh() throws SQLException {
        String before = store("codes").replace("_g1", "_g0");
        database.execute("create table " + before + " (); create table sqlonfhir_store.v11_g0 ()");
        refreshed("codes");
        assertThat(database.count("select count(to_regclass('" + before + "'))"))
                .isZero();
        assertThat(database.count("select count(*) from sqlonfhir_store.v11_g0"))
                .isZero();
        requireRight("codes");
    }

    /** A run whose first connection was lost has no locks any more, and may still be about to publish what it built. */
    @Test
    void theWatermarkOfAGenerationThatAnotherRunPublishedMeanwhileIsNotMoved() throws SQLException {
        RunListener publishing = new RunListener() {
            @Override
            public void started(String view) {
                try {
                    database.execute("update sqlonfhir.materialized_view_metadata set generation = 2"
                            + " where view_name = 'codes'");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void finished(Outcome outcome) {}
        };
        Watermark before = batch.list(List.of()).getFirst().materialization().watermark();
        Outcome outcome =
                batch.refresh(List.of("codes"), RunOptions.DEFAULT, publishing).getFirst();
        assertThat(((Outcome.Failed) outcome).failure())
                .hasMessage("codes was published anew by another run meanwhile");
        assertThat(batch.list(List.of()).getFirst().materialization().watermark())
                .isEqualTo(before);
    }

    @Test
    void whatASavepointWroteIsNotMissed() throws SQLException {
        try (Connection slow = database.connect();
                Connection quick = database.connect()) {
            slow.setAutoCommit(false);
            writer(slow).create("Condition", condition("before"));
            Savepoint savepoint = slow.setSavepoint();
            writer(slow).create("Condition", condition("inside"));
            slow.releaseSavepoint(savepoint);
            Savepoint undone = slow.setSavepoint();
            writer(slow).create("Condition", condition("undone"));
            slow.rollback(undone);
            writer(quick).create("Condition", condition("quick"));
            assertThat(refreshed("codes").changed()).isEqualTo(1);
            slow.commit();
        }
        assertThat(refreshed("codes").changed()).isEqualTo(3);
        assertThat(database.count("select count(*) from sqlonfhir.codes where code in ('before', 'inside')"))
                .isEqualTo(2);
        requireRight("codes");
    }

    @Test
    void anExpungedResourceGoesWithAReconcilingRefresh() throws SQLException {
        long id;
        try (Connection connection = database.connect()) {
            id = writer(connection).create("Condition", condition("a", "b"));
            refreshed("codes");
            writer(connection).expunge(id);
        }
        Outcome.Refreshed refreshed = exactly("codes");
        assertThat(refreshed.deleted()).isEqualTo(2);
        assertThat(refreshed.reconciled()).isTrue();
        requireRight("codes");
    }

    @Test
    void whatTheStatisticsSayOrADayWithoutItMakesARefreshReconcile() throws SQLException {
        assertThat(refreshed("codes").reconciled()).isFalse();
        database.execute("update sqlonfhir.materialized_view_metadata set deletions = 'other'");
        assertThat(refreshed("codes").reconciled()).isTrue();
        assertThat(refreshed("codes").reconciled()).isFalse();
        database.execute("update sqlonfhir.materialized_view_metadata set reconciled_at = now() - interval '25 h'");
        assertThat(refreshed("codes").reconciled()).isTrue();
        assertThat(refreshed("codes").reconciled()).isFalse();
        database.execute("update sqlonfhir.materialized_view_metadata set tag_changes = 'other'");
        assertThat(refreshed("codes").reconciled()).isFalse();
        assertThat(refreshed("tags").reconciled()).isTrue();
    }

    @Test
    void tagsThatComeAndGoWithoutAVersionAreFollowed() throws SQLException {
        try (Connection connection = database.connect()) {
            HapiWriter writer = writer(connection);
            long id = writer.create("Condition", condition("a"));
            exactly("tags");
            long before = rows("tags");
            writer.tag(id, "study-1");
            assertThat(exactly("tags").inserted()).isEqualTo(1);
            assertThat(exactly("tags").changed()).isZero();
            writer.tag(id, "study-2");
            assertThat(exactly("tags").rows()).isEqualTo(before + 2);
            requireRight("tags");
            writer.untag(id);
            assertThat(exactly("tags").deleted()).isEqualTo(2);
            assertThat(exactly("tags").changed()).isZero();
            requireRight("tags");
        }
    }

    @Test
    void moreThanAFifthChangedIsBuiltAnew() throws SQLException {
        database.execute("""
                update hfj_resource set res_updated = res_updated
                 where res_type = 'Condition' and res_deleted_at is null and res_id % 2 = 0""");
        assertThat(because("codes")).isEqualTo("more than 20 % of its resources changed");
        requireRight("codes");
    }

    @Test
    void otherSettingsAnotherCompilerAndAnOrderAreBuiltAnew() throws SQLException {
        Batch elsewhere =
                new Batch(batch.database(), new SourceSettings("public", ZoneOffset.ofHours(5), FhirVersion.R4));
        assertThat(elsewhere.refresh(List.of("codes"), RunOptions.DEFAULT, Heard.NOBODY))
                .extracting(outcome -> ((Outcome.Built) outcome).because().orElseThrow())
                .containsExactly("the settings changed");
        assertThat(because("codes")).isEqualTo("the settings changed");
        database.execute("update sqlonfhir.materialized_view_metadata set compiler_version = -1");
        assertThat(because("codes")).isEqualTo("it was built by another version of the compiler");
        Outcome ordered = refresh("codes", Refresh.REBUILD);
        assertThat(((Outcome.Built) ordered).because()).contains("asked for");
        assertThat(refreshed("codes").changed()).isZero();
    }

    @Test
    void anotherSystemAndIdsThatWentBackwardsAreBuiltAnew() throws SQLException {
        database.execute("update sqlonfhir.materialized_view_metadata set origin = 'system 1, ' || origin");
        assertThat(because("codes")).isEqualTo("the database was restored, upgraded or failed over");
        database.execute("""
                update sqlonfhir.materialized_view_metadata
                   set watermark = (next || ':' || next || ':')
                  from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000 as next) s""");
        assertThat(because("codes")).isEqualTo("transaction ids went backwards, or far ahead");
        database.execute("update sqlonfhir.materialized_view_metadata set watermark = '3:3:'");
        assertThat(refresh("codes", Refresh.CHANGES)).isInstanceOf(Outcome.Built.class);
        database.execute("drop table " + store("codes") + " cascade");
        assertThat(because("codes")).isEqualTo("it had not been published");
        requireRight("codes");
    }

    @Test
    void aValueTooLongForAnIndexIsNoReasonToLeaveItsResourceOut() throws SQLException {
        Random random = new Random(1);
        for (int length : List.of(8_000, 80_000)) {
            String value =
                    random.ints(length, 'a', 'z').mapToObj(Character::toString).collect(Collectors.joining());
            try (Connection connection = database.connect()) {
                writer(connection).create("Condition", condition(value));
            }
            assertThat(refresh("codes", Refresh.CHANGES)).isInstanceOfSatisfying(Outcome.Built.class, built -> {
                assertThat(built.because()).contains("a value is too long for an index of its stored rows");
                assertThat(built.setAside()).isZero();
            });
            assertThat(database.count("select count(*) from sqlonfhir.codes where code = '" + value + "'"))
                    .isEqualTo(1);
            requireRight("codes");
            batch.drop(List.of("codes"), RunOptions.DEFAULT);
            database.execute("update hfj_resource set res_deleted_at = now() where res_id = (select max(res_id) from"
                    + " hfj_resource)");
            batch.create(List.of(view(CODES)), false, RunOptions.DEFAULT, Heard.NOBODY);
        }
    }

    @Test
    void readersHoldUpNoIncrementalRefreshAndSeeAllOrNothingOfIt() throws SQLException {
        long before = rows("codes");
        try (Connection reader = database.connect();
                Connection connection = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select count(*) from sqlonfhir.codes");
            writer(connection).create("Condition", condition("a"));
            assertThat(refreshed("codes").rows()).isEqualTo(before + 1);
            try (var row = statement.executeQuery("select count(*) from sqlonfhir.codes")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(before);
            }
            reader.commit();
        }
        assertThat(rows("codes")).isEqualTo(before + 1);
    }

    @Test
    void aFailedRefreshKeepsContentsAndWatermarkAndTheNextOneCatchesUp() throws SQLException {
        long before = rows("codes");
        try (Connection connection = database.connect()) {
            long id = writer(connection).create("Condition", "secret, no JSON");
            Outcome failed = batch.refresh(List.of("codes"), RunOptions.DEFAULT.withStrict(true), Heard.NOBODY)
                    .getFirst();
            assertThat(((Outcome.Failed) failed).failure().what())
                    .isEqualTo("bodies of Condition are not JSON that PostgreSQL can hold");
            assertThat(rows("codes")).isEqualTo(before);
            assertThat(database.count("select count(*) from pg_class where relname ~ '_(changes|portions)$'"))
                    .isZero();
            writer(connection).update(id, condition("a"), 0);
        }
        assertThat(refreshed("codes").rows()).isEqualTo(before + 1);
        requireRight("codes");
    }

    @Test
    void whoWritesToTheCatalogMeanwhileDoesNotStopARefresh() throws SQLException {
        try (Connection other = database.connect();
                Statement statement = other.createStatement();
                Connection writing = database.connect()) {
            writer(writing).create("Condition", condition("a"));
            other.setAutoCommit(false);
            statement.execute("update sqlonfhir.materialized_view_metadata set refresh_interval = '1 h'");
            RunListener committing = new RunListener() {
                @Override
                public void started(String view) {
                    try {
                        // The run's snapshot is taken: what is committed now, it does not see.
                        other.commit();
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }

                @Override
                public void finished(Outcome outcome) {}
            };
            assertThat(batch.refresh(List.of("codes"), RunOptions.DEFAULT, committing))
                    .singleElement()
                    .isInstanceOf(Outcome.Refreshed.class);
        }
        requireRight("codes");
    }

    @Test
    void verifyFindsMissingAndExtraRowsAndCountsNewerResources() throws SQLException {
        database.execute("""
                delete from %1$s where ctid in (select ctid from %1$s limit 3);
                insert into %1$s select * from %1$s limit 2""".formatted(store("codes")));
        Verified broken = batch.verify(List.of("codes")).getFirst();
        assertThat(broken.missing()).isEqualTo(3);
        assertThat(broken.extra()).isEqualTo(2);
        assertThat(broken.isRight()).isFalse();
        refresh("codes", Refresh.REBUILD);
        try (Connection connection = database.connect()) {
            writer(connection).create("Condition", condition("a"));
        }
        Verified behind = batch.verify(List.of("codes")).getFirst();
        assertThat(behind.isRight()).isTrue();
        assertThat(behind.newer()).isEqualTo(1);
    }
}
