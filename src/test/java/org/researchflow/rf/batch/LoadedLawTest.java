package org.researchflow.rf.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.Soak;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.source.ResourceStore;
import org.researchflow.rf.source.StoredResource;
import org.researchflow.rf.view.Pack;

/** The first law over loaded resources: whatever is loaded in whatever order, refreshed = rebuilt. */
class LoadedLawTest {

    private static final int LOADS = 30;
    private static final int RESOURCES = 150;
    private static final List<String> TYPES = List.of("Patient", "Condition", "Observation");

    static LongStream seeds() {
        return Soak.seeds(3);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void refreshedIsRebuilt(long seed) throws SQLException {
        Random random = new Random(seed);
        List<String> told = new ArrayList<>();
        try (TestDatabase database = TestPostgres.empty();
                Connection loading = database.connect();
                Connection meanwhile = database.connect()) {
            ResourceStore store = ResourceStore.open(loading);
            List<StoredResource> everything = new ArrayList<>();
            for (String type : TYPES) {
                for (int id = 0; id < RESOURCES; id++) {
                    everything.add(version(type, id, random));
                }
            }
            store.write(everything.iterator());
            Batch batch = BatchFixture.ofLoaded(database);
            batch.create(Pack.FHIR.views(), false, RunOptions.DEFAULT, Heard.NOBODY);
            meanwhile.setAutoCommit(false);
            int incremental = 0;
            for (int load = 0; load < LOADS; load++) {
                List<StoredResource> resources = some(random);
                ResourceStore.Written written = store.write(resources.iterator());
                told.add("seed " + seed + ": " + written);
                assertThat(written.total()).isEqualTo(resources.size());
                touch(meanwhile, random, told);
                if (random.nextInt(3) == 0) {
                    incremental += refresh(batch);
                    Rebuilt.require(database, batch, () -> String.join("\n", told));
                }
            }
            meanwhile.commit();
            incremental += refresh(batch);
            Rebuilt.require(database, batch, () -> String.join("\n", told));
            assertThat(incremental).isPositive();
        }
    }

    /** Says how many views were refreshed without being built anew. */
    private static int refresh(Batch batch) {
        List<Outcome> outcomes = batch.refreshAll(RunOptions.DEFAULT, Heard.NOBODY);
        assertThat(outcomes)
                .hasSameSizeAs(Pack.FHIR.names())
                .allMatch(outcome -> outcome instanceof Outcome.Refreshed || outcome instanceof Outcome.Built);
        return (int)
                outcomes.stream().filter(Outcome.Refreshed.class::isInstance).count();
    }

    private static List<StoredResource> some(Random random) {
        List<StoredResource> resources = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            String type = TYPES.get(random.nextInt(TYPES.size()));
            int id = random.nextInt(RESOURCES + 10);
            resources.add(
                    random.nextInt(4) == 0
                            ? StoredResource.tombstone(type, "r" + id, moment(random))
                            : version(type, id, random));
        }
        return resources;
    }

    /** Somebody whose transaction stays open while views are refreshed, in parts of which some are rolled back. */
    private static void touch(Connection meanwhile, Random random, List<String> told) throws SQLException {
        if (random.nextInt(3) == 0) {
            meanwhile.commit();
            told.add("the other transaction ends");
        }
        // Not one that a load may wait for.
        try (Statement statement = meanwhile.createStatement()) {
            statement.execute("savepoint part");
            statement.execute("insert into rf.resource (digest, deleted, type, key, resource) values"
                    + " (gen_random_uuid(), false, 'Patient', gen_random_uuid(),"
                    + " '{\"resourceType\":\"Patient\",\"gender\":\"other\"}')");
            statement.execute(random.nextInt(3) == 0 ? "rollback to part" : "release part");
        }
    }

    private static Optional<Instant> moment(Random random) {
        return random.nextBoolean()
                ? Optional.of(Instant.ofEpochSecond(1_700_000_000 + random.nextInt(1000)))
                : Optional.empty();
    }

    private static StoredResource version(String type, int id, Random random) {
        String version = String.valueOf(random.nextInt(100));
        String content = switch (type) {
            case "Patient" ->
                "\"gender\":\"" + (random.nextBoolean() ? "male" : "female") + "\",\"birthDate\":\"19"
                        + (10 + random.nextInt(90)) + "\"";
            case "Condition" ->
                "\"subject\":{\"reference\":\"Patient/r" + random.nextInt(RESOURCES) + "\"},\"code\":{\"coding\":["
                        + codings(random) + "]}";
            default ->
                "\"status\":\"final\",\"subject\":{\"reference\":\"Patient/r" + random.nextInt(RESOURCES)
                        + "\"},\"code\":{\"coding\":[" + codings(random)
                        + "]},\"valueQuantity\":{\"value\":" + random.nextInt(100) + ".50}";
        };
        String json = "{\"resourceType\":\"" + type + "\",\"id\":\"r" + id + "\"," + content + "}";
        return StoredResource.live(
                type,
                "r" + id,
                random.nextBoolean() ? Optional.of(version) : Optional.empty(),
                moment(random),
                json.getBytes(StandardCharsets.UTF_8));
    }

    /** None, one or several, so that rows appear and disappear. */
    private static String codings(Random random) {
        List<String> codings = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            codings.add("{\"system\":\"http://snomed.info/sct\",\"code\":\"" + random.nextInt(1000) + "\"}");
        }
        return String.join(",", codings);
    }
}
