package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** The same questions get the right patients from what an older HAPI stored, and from what {@code rf load} did. */
class CohortSourcesOracleTest {

    private static final int QUESTIONS = Integer.getInteger("rf.oracle.elsewhere", 50);
    private static final long SEED = Long.getLong("rf.soak.seed", 5000L);

    /** One question in so many is put to the runner that computes everything. */
    private static final int ON_THE_FLY = Integer.getInteger("rf.oracle.onTheFly", 10);

    private record Place(TestDatabase database, List<PatientRecord> patients) {}

    private static final Map<String, Place> PLACES = new HashMap<>();

    @BeforeAll
    static void create() throws SQLException {
        TestDatabase older = TestPostgres.hapi622();
        older.execute("analyze");
        Rf.on(older).run("views", "create-all").done();
        Rf.on(older).run("views", "create-all", "--pack", "more").done();
        PLACES.put("HAPI 6.2.2", new Place(older, PatientRecord.allBefore7(older)));
        Path folder = Path.of("..", "shared", "ndjson-150");
        if (Files.isDirectory(folder)) {
            TestDatabase loaded = TestPostgres.empty();
            Rf.on(loaded).run("load", folder.toString()).done();
            Rf.on(loaded).run("views", "create-all").done();
            Rf.on(loaded).run("views", "create-all", "--pack", "more").done();
            PLACES.put("rf load", new Place(loaded, PatientRecord.allLoaded(loaded)));
        }
        PLACES.values().forEach(place -> assertThat(place.patients()).isNotEmpty());
    }

    @AfterAll
    static void drop() throws SQLException {
        for (Place place : PLACES.values()) {
            place.database().close();
        }
    }

    static Stream<Arguments> questions() {
        return LongStream.range(SEED, SEED + QUESTIONS)
                .boxed()
                .flatMap(seed -> PLACES.keySet().stream().sorted().map(place -> Arguments.of(place, seed)));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void countsAreThoseOfLoopsOverTheResources(String name, long seed) {
        Place place = PLACES.get(name);
        List<Asked> question = CohortOracleTest.flags(seed, place.patients());
        String runner = seed % ON_THE_FLY == 0 ? "postgres" : seed % 2 == 0 ? "materialized" : "hybrid";
        List<String> args = new ArrayList<>(List.of("query", "-o", "json", "--runner", runner));
        question.forEach(asked -> args.addAll(asked.flags()));
        CohortOracleTest.requireEqual(place.database(), place.patients(), question, args);
    }
}
