package org.researchflow.rf.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.batch.RunOptions.Refresh;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;

/**
 * The first law: refreshed = rebuilt. The system property {@code rf.soak.histories} tries more histories, {@code
 * rf.soak.seed} begins at another one.
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

    private static TestDatabase original;
    private static SortedMap<String, List<String>> bodies;

    /** Few enough resources that building all views is quick, and so many that a few changes are no fifth of them. */
    @BeforeAll
    static void choose() throws SQLException {
        original = TestPostgres.hapi880();
        HapiWriter.prepare(original);
        original.execute("""
                create temp table kept as
                select res_id
                  from (select res_id, row_number() over (partition by res_type order by md5(res_id::text)) as n
                          from hfj_resource
                         where res_type in ('Patient', 'Condition', 'Observation', 'MedicationRequest', 'Procedure',
                                            'Encounter')) r
                 where n <= 120;
                create unique index on kept (res_id);
                analyze kept;
                truncate hfj_history_tag, hfj_res_ver_prov;
                delete from hfj_res_tag where res_id not in (select res_id from kept);
                delete from hfj_res_ver where res_id not in (select res_id from kept);
                delete from hfj_resource where res_id not in (select res_id from kept);
                insert into hfj_tag_def (tag_id, tag_code, tag_system, tag_type)
                select nextval('hapi_writer'), 'study-' || n, 'urn:rf:test', 0 from generate_series(0, 2) n;
                analyze
                """);
        original.execute("vacuum full");
        bodies = new TreeMap<>();
        try (Connection connection = original.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select res_type, res_text_vc from hfj_res_ver where res_text_vc is not null"
                                + " order by res_id, res_ver")) {
            while (row.next()) {
                bodies.computeIfAbsent(row.getString(1), _ -> new ArrayList<>()).add(row.getString(2));
            }
        }
    }

    @AfterAll
    static void drop() throws SQLException {
        original.close();
    }

    static LongStream seeds() {
        long first = Long.getLong("rf.soak.seed", 1);
        return LongStream.range(first, first + Long.getLong("rf.soak.histories", 4));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void refreshedIsRebuilt(long seed) throws SQLException {
        try (TestDatabase database = TestPostgres.copyOf(original)) {
            Batch batch = BatchFixture.batch(database);
            List<ViewDefinition> views = new ArrayList<>(Pack.FHIR.views());
            for (String json : VIEWS_OF_ITS_OWN) {
                views.add(ViewReader.read("test.json", json));
            }
            batch.create(views, false, RunOptions.DEFAULT, Heard.NOBODY);
            Random random = new Random(seed);
            int incremental = 0;
            try (History history = new History(database, seed, bodies)) {
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
