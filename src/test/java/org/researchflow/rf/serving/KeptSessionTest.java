package org.researchflow.rf.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.BatchFixture;
import org.researchflow.rf.batch.Heard;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.SmallHapi;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.view.Pack;

/** Counts of stored rows by somebody who asks again and again, and remembers what the views were. */
@Timeout(120)
class KeptSessionTest {

    private static final List<String> ASKED = List.of("patient_simple", "condition_simple");
    private static final Cohort COHORT = ServingFixture.cohort("male", "15777000");

    /** Kept, so that its statement is made once for the views as they are. */
    private static final Serving.CountQuestion<Long> QUESTION = Serving.CountQuestion.of(COHORT);

    private SmallHapi original;
    private TestDatabase database;
    private Batch batch;
    private ServingFixture fixture;
    private Serving kept;
    private Connection session;

    @BeforeEach
    void create() throws SQLException {
        original = SmallHapi.create();
        database = original.copy();
        batch = BatchFixture.batch(database);
        fixture = new ServingFixture(database);
        batch.create(ASKED.stream().map(Pack.FHIR::view).toList(), false, RunOptions.DEFAULT, Heard.NOBODY);
        kept = materialized();
        session = fixture.at().connect();
    }

    @AfterEach
    void drop() throws SQLException {
        session.close();
        database.close();
        original.close();
    }

    private Serving materialized() {
        return fixture.serving(RunnerName.MATERIALIZED, new SpeedSide.Off());
    }

    /** An answer, and the statement that gave it. */
    private record Told(long count, Instant asOf, boolean complete, List<String> warnings, String sql) {
        Told bare() {
            return new Told(count, asOf, complete, warnings, "");
        }
    }

    private static Told ask(Serving serving, Connection connection) {
        List<String> statements = new ArrayList<>();
        Served<Counted<Long>> answer = serving.count(connection, QUESTION, statement -> {
            statements.add(statement.toString());
            return () -> {};
        });
        Relations relations = answer.relations();
        return new Told(
                answer.result().result(),
                relations.asOf(),
                relations.complete(),
                relations.warnings(),
                statements.getLast());
    }

    private Told fresh() throws SQLException {
        try (Connection connection = fixture.at().connect()) {
            return ask(materialized(), connection).bare();
        }
    }

    private void man() throws SQLException {
        try (Connection hapi = database.connect()) {
            HapiWriter writer = new HapiWriter(hapi);
            long patient = writer.create("Patient", "{\"resourceType\":\"Patient\",\"gender\":\"male\"}");
            writer.create(
                    "Condition",
                    "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/" + patient
                            + "\"},\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"15777000\"}]}}");
        }
    }

    private void refresh(RunOptions.Refresh how) {
        batch.refresh(ASKED, RunOptions.DEFAULT.withRefresh(how), Heard.NOBODY);
    }

    private void requireSame(boolean atOnce) throws SQLException {
        Told told = ask(kept, session);
        assertThat(told.bare()).isEqualTo(fresh());
        assertThat(told.sql().contains("rf_mark")).isEqualTo(atOnce);
    }

    @Test
    void whatChangedInTheCatalogIsInTheNextAnswer() throws SQLException {
        requireSame(false);
        requireSame(true);
        man();
        requireSame(true);
        long before = fresh().count();
        refresh(RunOptions.Refresh.CHANGES);
        requireSame(false);
        assertThat(fresh().count()).isEqualTo(before + 1);
        requireSame(true);
        // Another generation: the tables of the one before are gone.
        refresh(RunOptions.Refresh.REBUILD);
        requireSame(false);
        requireSame(true);
        // Views of different moments.
        batch.refresh(List.of("patient_simple"), RunOptions.DEFAULT, Heard.NOBODY);
        requireSame(false);
        database.execute(
                "update sqlonfhir.materialized_view_metadata set status = 'failed' where view_name = 'patient_simple'");
        requireSame(false);
        requireSame(true);
        assertThat(ask(kept, session).warnings()).anyMatch(warning -> warning.contains("failed"));
        // What is asked in the usual way in between leaves the statement of the count as it is.
        ServingFixture.digest(kept, session, "patient_simple");
        requireSame(true);
        // A view that the question does not read comes and goes.
        batch.create(List.of(Pack.FHIR.view("encounter_simple")), false, RunOptions.DEFAULT, Heard.NOBODY);
        requireSame(false);
        requireSame(true);
        batch.drop(List.of("encounter_simple"), RunOptions.DEFAULT);
        requireSame(false);
        requireSame(true);
    }

    @Test
    void answersBesideRefreshesAreThoseOfTheirMoment() throws Exception {
        Map<Instant, Long> truth = new HashMap<>();
        truth.put(fresh().asOf(), fresh().count());
        AtomicBoolean asking = new AtomicBoolean(true);
        CompletableFuture<List<Told>> answers = CompletableFuture.supplyAsync(() -> {
            List<Told> told = new ArrayList<>();
            while (asking.get()) {
                told.add(ask(kept, session));
            }
            return told;
        });
        for (int round = 0; round < 12; round++) {
            man();
            refresh(round % 4 == 3 ? RunOptions.Refresh.REBUILD : RunOptions.Refresh.CHANGES);
            Told now = fresh();
            truth.put(now.asOf(), now.count());
        }
        asking.set(false);
        List<Told> told = answers.join();
        assertThat(told.stream().filter(Told::complete))
                .isNotEmpty()
                .allSatisfy(answer -> assertThat(truth).containsEntry(answer.asOf(), answer.count()));
        assertThat(told).anyMatch(answer -> answer.sql().contains("rf_mark"));
    }
}
