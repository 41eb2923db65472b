package org.researchflow.rf.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
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
import org.researchflow.rf.batch.RunOptions.Refresh;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;

/**
 * The first law: refreshed = rebuilt.
 */
class RefreshLawTest {

    private static final int STEPS = 60;

    private static final String[] VIEWS_OF_ITS_OWN = {
        // rows that come and go with the tags
        """
            {"resourceType": "ViewDefinition", "name": "tagged", "resource": "Condition", "status": "active",
             "select": [{"column": [{"name": "id", "path": "getResourceKey()"},
                                    {"name": "version", "path": "meta.versionId"},
                                    {"name": "updated", "path": "meta.lastUpdated"}]},
                        {"forEach": "meta.tag", "column": [{"name": "tag", "path": "code"}]}]}
            """,
        // rows of which there may be none
        """
            {"resourceType": "ViewDefinition", "name": "men", "resource": "Patient", "status": "active",
             "select": [{"column": [{"name": "id", "path": "id"}, {"name": "born", "path": "birthDate"}]},
                        {"forEachOrNull": "name", "column": [{"name": "family", "path": "family"}]}],
             "where": [{"path": "gender = 'male'"}]}
            """
    };

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
        return Soak.seeds(4);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void refreshedIsRebuilt(long seed) throws SQLException {
        try (TestDatabase database = original.copy()) {
            Batch batch = BatchFixture.batch(database);
            List<ViewDefinition> views = new ArrayList<>(Pack.FHIR.views());
            for (String json : VIEWS_OF_ITS_OWN) {
                views.add(ViewReader.read("test.json", json));
            }
            batch.create(views, false, RunOptions.DEFAULT, Heard.NOBODY);
            Random random = new Random(seed);
            int incremental = 0;
            try (History history = new History(database, seed, original.bodies())) {
                for (int step = 0; step < STEPS; step++) {
                    history.step();
                    if (random.nextInt(6) == 0) {
                        incremental += refresh(batch, history);
                        Rebuilt.require(database, batch, history::told);
                    }
                }
                history.finish();
                incremental += refresh(batch, history);
                Rebuilt.require(database, batch, history::told);
                List<String> setAside = Rebuilt.setAside(database);
                batch.refreshAll(RunOptions.DEFAULT.withRefresh(Refresh.REBUILD), Heard.NOBODY);
                Rebuilt.require(database, batch, history::told);
                assertThat(setAside).as(history::told).isEqualTo(Rebuilt.setAside(database));
            }
            assertThat(incremental).isPositive();
        }
    }

    /** Says how many views were refreshed without being built anew. */
    private static int refresh(Batch batch, History history) {
        Refresh thoroughness = history.leftNoTrace() ? Refresh.EXACT : Refresh.CHANGES;
        List<Outcome> outcomes = batch.refreshAll(RunOptions.DEFAULT.withRefresh(thoroughness), Heard.NOBODY);
        assertThat(outcomes)
                .as(history::told)
                .allMatch(outcome -> outcome instanceof Outcome.Refreshed || outcome instanceof Outcome.Built);
        return (int)
                outcomes.stream().filter(Outcome.Refreshed.class::isInstance).count();
    }
}
