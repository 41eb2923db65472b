package org.researchflow.rf.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.Soak;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;

/**
 * The second law for whoever speaks SQL: a live view = recomputed, at every moment of a history, with writers at work and
 * refreshes in between; where a resource cannot be read from SQL it fails instead.
 */
class LiveLawTest {

    private static final int STEPS = 40;
    private static final int VIEWS = Pack.FHIR.names().size() + 1;

    private static final String READS_META = """
            {"resourceType": "ViewDefinition", "name": "versions", "resource": "Condition", "status": "active",
             "select": [{"column": [{"name": "id", "path": "getResourceKey()"},
                                    {"name": "version", "path": "meta.versionId"},
                                    {"name": "updated", "path": "meta.lastUpdated"}]}]}
            """;

    private static SmallHapi original;

    @BeforeAll
    static void choose() throws SQLException {
        original = SmallHapi.create();
    }

    @AfterAll
    static void drop() throws SQLException {
        original.close();
    }

    static LongStream seeds() {
        return Soak.seeds(2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void liveIsRecomputed(long seed) throws SQLException {
        try (TestDatabase database = original.copy();
                History history = History.readable(database, seed, original.bodies())) {
            Batch batch = withLiveViews(database);
            Random random = new Random(seed);
            for (int step = 0; step < STEPS; step++) {
                history.step();
                switch (random.nextInt(8)) {
                    case 0 -> batch.refreshAll(RunOptions.DEFAULT, Heard.NOBODY);
                    case 1 ->
                        batch.refreshAll(RunOptions.DEFAULT.withRefresh(RunOptions.Refresh.REBUILD), Heard.NOBODY);
                    case 2, 3, 4 ->
                        assertThat(compare(database, batch, history)).isEqualTo(VIEWS);
                    default -> {}
                }
            }
            history.finish();
            assertThat(compare(database, batch, history)).isEqualTo(VIEWS);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatCannotBeReadIsAnError(long seed) throws SQLException {
        try (TestDatabase database = original.copy();
                History history = new History(database, seed, original.bodies())) {
            Batch batch = withLiveViews(database);
            Random random = new Random(seed);
            for (int step = 0; step < STEPS; step++) {
                history.step();
                if (random.nextInt(8) == 0) {
                    batch.refreshAll(RunOptions.DEFAULT.withRefresh(RunOptions.Refresh.EXACT), Heard.NOBODY);
                    history.leftNoTrace();
                }
                if (!history.leftNoTrace()) {
                    compare(database, batch, history);
                } else {
                    batch.refreshAll(RunOptions.DEFAULT.withRefresh(RunOptions.Refresh.EXACT), Heard.NOBODY);
                }
            }
        }
    }

    private static Batch withLiveViews(TestDatabase database) {
        Batch batch = BatchFixture.batch(database);
        List<ViewDefinition> views = new ArrayList<>(Pack.FHIR.views());
        views.add(ViewReader.read("test.json", READS_META));
        batch.create(views, false, RunOptions.DEFAULT, Heard.NOBODY);
        batch.live(views.stream().map(ViewDefinition::name).toList(), true, RunOptions.DEFAULT);
        return batch;
    }

    /** Says for how many views the rows could be compared; those of the others cannot all be read. */
    private static int compare(TestDatabase database, Batch batch, History history) throws SQLException {
        int compared = 0;
        try (Connection connection = database.connect()) {
            Resources resources = batch.settings().resources(connection).lasting();
            for (Materialization view : Catalog.all(connection)) {
                ViewPlan plan = Definition.stored(view.view(), view.definition(), batch.settings())
                        .plan();
                String unreadable = resources.unreadable(plan.resourceType()).orElseThrow();
                try {
                    String recomputed = ViewSql.rows(
                                    plan, resources.of(plan.resourceType(), plan.readsId(), plan.readsMeta()))
                            .text();
                    assertThat(differences(connection, view.view(), recomputed, unreadable))
                            .as(() -> view.view() + " after\n" + history.told())
                            .isZero();
                    compared++;
                } catch (SQLException e) {
                    assertThat(e.getMessage())
                            .as(history::told)
                            .matches("(?s).*(rf: sqlonfhir_live." + view.view()
                                    + " (holds changed resources|would lack).*|invalid input syntax for type json).*");
                }
            }
        }
        return compared;
    }

    private static long differences(Connection connection, String view, String recomputed, String unreadable)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery("""
                    with live as materialized (select s::text as line from sqlonfhir_live.%s s),
                         recomputed as (select r::text as line from (%s) r)
                    select (select count(*) from (table live except all table recomputed) d)
                         + (select count(*) from (table recomputed except all table live) d)
                         + (select count(*) from (%s) u)
                    """.formatted(view, recomputed, unreadable))) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
