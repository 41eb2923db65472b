package org.researchflow.rf.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.researchflow.rf.Failure;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.BatchFixture;
import org.researchflow.rf.batch.Heard;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.SmallHapi;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.speed.Change;
import org.researchflow.rf.speed.Coverage;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;

/** What the hybrid runner answers when something changed, and when the speed layer is not what it should be. */
class HybridTest {

    // A column may be called like its view.
    private static final ViewDefinition MEN = ViewReader.read("men.json", """
            {"resourceType": "ViewDefinition", "name": "men", "resource": "Patient", "status": "active",
             "select": [{"column": [{"name": "id", "path": "getResourceKey()"}, {"name": "men", "path": "gender"}]}],
             "where": [{"path": "gender = 'male'"}]}
            """);

    private static SmallHapi original;
    private static TestDatabase database;
    private static Batch batch;
    private static ServingFixture fixture;

    private Connection hapi;
    private Connection reading;
    private HapiWriter writer;
    private PolledChanges polled;

    @BeforeAll
    static void create() throws SQLException {
        original = SmallHapi.create();
        database = original.copy();
        batch = BatchFixture.batch(database);
        fixture = new ServingFixture(database);
        List<ViewDefinition> views = new ArrayList<>(Pack.FHIR.views());
        views.add(MEN);
        batch.create(views, false, RunOptions.DEFAULT, Heard.NOBODY);
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
        original.close();
    }

    @BeforeEach
    void refresh() throws SQLException {
        hapi = database.connect();
        reading = database.connect();
        writer = new HapiWriter(hapi);
        polled = new PolledChanges(database);
        refreshAll();
        cover();
    }

    @AfterEach
    void disconnect() throws SQLException {
        // What a test left unreadable would be in the way of the next one.
        database.execute("""
                update hfj_resource set res_deleted_at = now(), res_ver = res_ver + 1
                 where res_id >= 5000000 and res_deleted_at is null
                """);
        hapi.close();
        reading.close();
    }

    private static void refreshAll() {
        batch.refreshAll(RunOptions.DEFAULT, Heard.NOBODY);
    }

    private void cover() throws SQLException {
        polled.cover(batch.list(List.of()).stream()
                .mapToLong(listed -> listed.materialization().watermark().oldestTransaction())
                .min()
                .orElseThrow());
    }

    private static String patient(String gender) {
        return "{\"resourceType\":\"Patient\",\"gender\":\"" + gender + "\",\"birthDate\":\"1970-01-01\"}";
    }

    private static String condition(long patient, String code) {
        return "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/" + patient
                + "\"},\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"" + code + "\"}]}}";
    }

    private Served<String> digest(Serving serving, String view) {
        return ServingFixture.digest(serving, reading, view);
    }

    private Served<Counted<Long>> count(Serving serving, String gender, String code) {
        return ServingFixture.count(serving, reading, ServingFixture.cohort(gender, code));
    }

    private void requireRecomputed(Served<String> answer, String view) {
        assertThat(answer.result())
                .isEqualTo(digest(fixture.recomputing(), view).result());
    }

    /** The speed layer is not used, with a reason; the answer is exact all the same. */
    private void requireRefused(Served<String> answer, String view, String why) {
        requireRecomputed(answer, view);
        assertThat(answer.relations().newer().from()).isEqualTo(Newer.Place.DATABASE);
        assertThat(answer.relations().complete()).isTrue();
        assertThat(answer.relations().warnings()).singleElement().asString().contains("speed layer not used", why);
    }

    @Test
    void changeMovesAPatientFromOneCohortToAnother() throws SQLException {
        long id = writer.create("Patient", patient("male"));
        writer.create("Condition", condition(id, "59621000"));
        refreshAll();
        cover();
        long men = count(fixture.hybrid(polled), "male", "59621000").result().result();
        writer.update(id, patient("female"), 0);
        polled.poll();
        Served<Counted<Long>> answer = count(fixture.hybrid(polled), "male", "59621000");
        assertThat(answer.result().result()).isEqualTo(men - 1);
        assertThat(answer.result().sides()).contains(new Counted.Sides(men, 0, 1));
        assertThat(answer.relations().complete()).isTrue();
        assertThat(answer.relations().newer()).isEqualTo(new Newer(Newer.Place.REDIS, 1));
        assertThat(answer.timings()).containsKeys("catalog", "coverage", "redis", "sql");
        assertThat(count(fixture.hybrid(), "male", "59621000").result()).isEqualTo(answer.result());
    }

    @Test
    void newPatientJoins() throws SQLException {
        long men = count(fixture.hybrid(polled), "male", "44054006").result().result();
        long id = writer.create("Patient", patient("male"));
        writer.create("Condition", condition(id, "44054006"));
        polled.poll();
        assertThat(count(fixture.hybrid(polled), "male", "44054006").result())
                .isEqualTo(new Counted<>(men + 1, Optional.of(new Counted.Sides(men, 1, 0))));
    }

    @Test
    void secondConditionOfAPatientCountsOnce() throws SQLException {
        long id = writer.create("Patient", patient("male"));
        writer.create("Condition", condition(id, "59621000"));
        refreshAll();
        cover();
        long men = count(fixture.hybrid(polled), "male", "59621000").result().result();
        writer.create("Condition", condition(id, "59621000"));
        polled.poll();
        assertThat(count(fixture.hybrid(polled), "male", "59621000").result())
                .isEqualTo(new Counted<>(men, Optional.of(new Counted.Sides(men, 0, 0))));
    }

    @Test
    void deletedResourceLeaves() throws SQLException {
        long id = writer.create("Patient", patient("male"));
        refreshAll();
        cover();
        long men = database.count("select count(*) from sqlonfhir.men");
        writer.delete(id, false);
        polled.poll();
        Served<String> answer = digest(fixture.hybrid(polled), "men");
        assertThat(answer.result()).startsWith((men - 1) + " ");
        requireRecomputed(answer, "men");
    }

    @Test
    void resourceThatNoLongerMeetsTheViewsConditionLeaves() throws SQLException {
        long id = writer.create("Patient", patient("male"));
        refreshAll();
        cover();
        writer.update(id, patient("female"), 0);
        polled.poll();
        requireRecomputed(digest(fixture.hybrid(polled), "men"), "men");
    }

    @Test
    void idOfAnotherTypeIsLeftAlone() throws SQLException {
        long patient = writer.create("twin", "Patient", patient("male"));
        writer.create("twin", "Condition", condition(patient, "59621000"));
        refreshAll();
        cover();
        writer.update(patient, patient("female"), 0);
        polled.poll();
        requireRecomputed(digest(fixture.hybrid(polled), "condition_simple"), "condition_simple");
        requireRecomputed(digest(fixture.hybrid(), "condition_simple"), "condition_simple");
    }

    @Test
    void keyThatComesTwiceIsRefused() throws SQLException {
        writer.create("Patient", patient("male"));
        polled.poll();
        Change change = polled.entries().iterator().next();
        polled.put(new Change("Patient", change.key(), 7, change.transaction(), change.resource()));
        requireRefused(digest(fixture.hybrid(polled), "men"), "men", "twice");
    }

    @Test
    void flushedCacheIsRefused() throws SQLException {
        writer.create("Patient", patient("male"));
        polled.poll();
        polled.set(null);
        requireRefused(digest(fixture.hybrid(polled), "men"), "men", "it was flushed");
        assertThat(polled.reads).isEqualTo(3);
    }

    @Test
    void coverageThatBeginsAfterTheWatermarkIsRefused() throws SQLException {
        writer.create("Patient", patient("male"));
        polled.poll();
        Coverage coverage = polled.covered();
        polled.set(new Coverage(coverage.to().next(), coverage.to(), coverage.asOf(), coverage.origin()));
        requireRefused(digest(fixture.hybrid(polled), "men"), "men", "does not reach back");
    }

    @Test
    void changesOfAnotherDatabaseAreRefused() throws SQLException {
        Coverage coverage = polled.covered();
        polled.set(new Coverage(coverage.from(), coverage.to(), coverage.asOf(), "elsewhere"));
        requireRefused(digest(fixture.hybrid(polled), "men"), "men", "another database");
    }

    @Test
    void cacheOlderThanOneOfTheViewsIsRefused() throws SQLException {
        long id = writer.create("Patient", patient("male"));
        writer.create("Condition", condition(id, "59621000"));
        batch.refresh(List.of("condition_simple"), RunOptions.DEFAULT, Heard.NOBODY);
        Served<Counted<Long>> answer = count(fixture.hybrid(polled), "male", "59621000");
        assertThat(answer.relations().newer().from()).isEqualTo(Newer.Place.DATABASE);
        assertThat(answer.result().result())
                .isEqualTo(count(fixture.recomputing(), "male", "59621000")
                        .result()
                        .result());
        assertThat(polled.reads).isEqualTo(3);
    }

    @Test
    void viewsNewerThanTheCacheAreExactByThemselves() throws SQLException {
        long id = writer.create("Patient", patient("male"));
        writer.create("Condition", condition(id, "59621000"));
        refreshAll();
        Served<Counted<Long>> answer = count(fixture.hybrid(polled), "male", "59621000");
        assertThat(answer.relations().runner()).isEqualTo(RunnerName.MATERIALIZED);
        assertThat(answer.relations().complete()).isTrue();
        assertThat(answer.relations().warnings()).isEmpty();
        assertThat(answer.result().result())
                .isEqualTo(count(fixture.recomputing(), "male", "59621000")
                        .result()
                        .result());
    }

    @Test
    void pollerThatIsFarBehindIsNotWaitedFor() throws SQLException {
        writer.create("Patient", patient("male"));
        Coverage coverage = polled.covered();
        polled.set(new Coverage(
                coverage.from(), coverage.to(), coverage.asOf().minus(Duration.ofHours(1)), coverage.origin()));
        requireRefused(digest(fixture.hybrid(polled), "men"), "men", "it has seen nothing since");
    }

    @Test
    void textThatIsNoJsonIsLeftOutAndCounted() throws SQLException {
        writer.create("Patient", patient("male"));
        long id = writer.create("Patient", patient("male"));
        polled.poll();
        String expected = digest(fixture.recomputing(), "patient_simple").result();
        polled.put(
                new Change("Patient", "bad", 1, 1, Optional.of("{\"resourceType\":\"Patient\",\"id\":\"\\u0000\"}")));
        Served<String> answer = digest(fixture.hybrid(polled), "patient_simple");
        assertThat(answer.result()).isEqualTo(expected);
        assertThat(answer.relations().complete()).isFalse();
        assertThat(answer.relations().warnings())
                .singleElement()
                .asString()
                .startsWith("1 changed Patient resource has no rows in patient_simple");
        writer.store(id, patient("male"), HapiWriter.Storage.BROKEN);
        writer.touch(id, 0);
        Served<String> direct = digest(fixture.hybrid(), "patient_simple");
        assertThat(direct.relations().complete()).isFalse();
        assertThat(direct.relations().warnings())
                .singleElement()
                .asString()
                .startsWith("1 changed Patient resource has no rows in patient_simple");
        assertThat(Long.parseLong(direct.result().split(" ", -1)[0]))
                .isEqualTo(Long.parseLong(expected.split(" ", -1)[0]) - 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = HapiWriter.Storage.class,
            names = {"LARGE_OBJECT", "ELSEWHERE", "NOWHERE"})
    void changedBodyThatCannotBeReadIsFlagged(HapiWriter.Storage storage) throws SQLException {
        long id = writer.create("Patient", patient("male"));
        refreshAll();
        writer.update(id, patient("female"), 0);
        writer.store(id, patient("female"), storage);
        Served<String> answer = digest(fixture.hybrid(), "men");
        assertThat(answer.relations().complete()).isFalse();
        assertThat(answer.relations().warnings())
                .singleElement()
                .asString()
                .startsWith("1 live Patient resources are left out");
    }

    @Test
    void whatIsMostlyChangedIsComputed() throws SQLException {
        database.execute("update hfj_resource set res_updated = res_updated where res_type = 'Patient'");
        Served<Counted<Long>> answer = count(fixture.hybrid(), "male", "59621000");
        assertThat(answer.relations().newer().changes()).isGreaterThan(100);
        assertThat(answer.result())
                .isEqualTo(new Counted<>(
                        answer.result().result(),
                        Optional.of(new Counted.Sides(answer.result().result(), 0, 0))));
        requireRecomputed(digest(fixture.hybrid(), "men"), "men");
    }

    @Test
    void withoutTheSpeedSideRowsAreThoseOfTheRefresh() throws SQLException {
        Serving batchOnly = fixture.serving(RunnerName.HYBRID, new SpeedSide.Off());
        String before = digest(batchOnly, "men").result();
        writer.create("Patient", patient("male"));
        Served<String> answer = digest(batchOnly, "men");
        assertThat(answer.result()).isEqualTo(before);
        assertThat(answer.relations().runner()).isEqualTo(RunnerName.MATERIALIZED);
        assertThat(answer.relations().asOf())
                .isEqualTo(batch.list(List.of())
                        .getFirst()
                        .materialization()
                        .watermark()
                        .at());
    }

    @Test
    void speedRunnerKnowsWhatChangedAndNothingElse() throws SQLException {
        writer.create("Patient", patient("male"));
        writer.create("Patient", patient("female"));
        polled.poll();
        Served<String> answer = digest(fixture.serving(RunnerName.SPEED, SpeedSide.Present.of(polled)), "men");
        assertThat(answer.result()).startsWith("1 ");
        assertThat(answer.relations().complete()).isFalse();
        assertThatThrownBy(() -> digest(fixture.serving(RunnerName.SPEED, new SpeedSide.Absent()), "men"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNREACHABLE));
    }

    @Test
    void analystWithoutRightsOnTheSourceHasTheStoredRows() throws SQLException {
        database.execute("""
                drop role if exists stranger;
                create role stranger login password 'only-for-tests';
                grant usage on schema sqlonfhir, sqlonfhir_store to stranger;
                grant select on all tables in schema sqlonfhir, sqlonfhir_store to stranger;
                """);
        String stored = digest(fixture.hybrid(), "men").result();
        writer.create("Patient", patient("male"));
        ServingFixture analyst = new ServingFixture(database.as(database.database(), "stranger", "only-for-tests"));
        try (Connection connection = analyst.database().connect()) {
            Served<String> answer = ServingFixture.digest(analyst.hybrid(), connection, "men");
            assertThat(answer.result()).isEqualTo(stored);
            assertThat(answer.relations().complete()).isFalse();
            polled.poll();
            Served<String> merged = ServingFixture.digest(analyst.hybrid(polled), connection, "men");
            assertThat(merged.relations().complete()).isTrue();
            requireRecomputed(merged, "men");
        }
        database.execute("drop owned by stranger; drop role stranger");
    }

    @Test
    void patientsDataIsNotInTheShownStatement() throws SQLException {
        writer.create("Patient", patient("male"));
        polled.poll();
        List<String> shown = new ArrayList<>();
        fixture.hybrid(polled)
                .answer(views -> RowFilter.digest(views.named("men")), (rows, _) -> rows.next(), statement -> {
                    shown.add(String.valueOf(statement));
                    return () -> {};
                });
        assertThat(shown)
                .singleElement()
                .asString()
                .contains("rf_change_patient")
                .doesNotContain("1970-01-01");
    }

    @Test
    void everyQueryLeavesALine() throws SQLException {
        Serving logged = new Serving(fixture.at(), ServingFixture.SETTINGS, RunnerName.HYBRID, ServingOptions.DEFAULT);
        long before = database.count("select count(*) from sqlonfhir.query_log");
        digest(logged, "men");
        assertThat(database.count("select count(*) from sqlonfhir.query_log where complete and runner = 'hybrid'"
                        + " and newer = 'database' and views = '{men}' and duration_ms > 0 and role = current_user"))
                .isPositive();
        assertThat(database.count("select count(*) from sqlonfhir.query_log")).isEqualTo(before + 1);
        assertThat(logged.statistics().orElseThrow().queries()).isEqualTo(before + 1);
    }
}
