package org.researchflow.rf.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.Event;
import org.researchflow.rf.cohort.Gender;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.view.Pack;

/**
 * What a count costs in rf beside the same SQL in psql, in turns, on the data of a real HAPI server. A program for
 * people, not a test: its figures depend on the machine. Ends with 1 when the ratio in a
 * session that is kept is above what is promised.
 */
public final class CountBench {

    private static final double PROMISED = 1.3;
    private static final int WARM_UP = 200;
    private static final int ROUNDS = 1000;

    private static final Cohort MEN_WITH_DIABETES =
            Cohort.all(List.of(Gender.parse(List.of("male")), Event.condition(Code.parse("44054006"))));

    private static final RunListener NOBODY = new RunListener() {
        @Override
        public void started(String view) {}

        @Override
        public void finished(Outcome outcome) {}
    };

    private final PrintStream out;
    private final TestDatabase database;
    private final Serving serving;
    private final AtomicReference<String> sql = new AtomicReference<>("");

    private CountBench(PrintStream out, TestDatabase database, Serving serving) {
        this.out = out;
        this.database = database;
        this.serving = serving;
    }

    public static void main(String... args) throws SQLException, IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean kept;
        try (TestDatabase database = TestPostgres.hapi880()) {
            out.println("HAPI 8.8.0, " + (HapiDump.HAPI_880.isWhole() ? "whole dump" : "excerpt") + ", "
                    + HapiDump.HAPI_880.facts().resources() + " resources");
            SourceSettings settings = new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4);
            Database connection = new Database(ConnectionSettings.of(
                    new Address(database.host(), database.port()),
                    database.database(),
                    database.user(),
                    Optional.of(database.password()),
                    "the bench"));
            createAll(out, new Batch(connection, settings));
            kept = new CountBench(out, database, new Serving(connection, settings, RunnerName.MATERIALIZED)).run();
        }
        System.exit(kept ? 0 : 1);
    }

    private static void createAll(PrintStream out, Batch batch) {
        long start = System.nanoTime();
        List<Outcome> outcomes = batch.create(Pack.FHIR.views(), false, RunOptions.DEFAULT, NOBODY);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (!outcomes.stream().allMatch(Outcome.Built.class::isInstance)) {
            throw new IllegalStateException("not all views were built: " + outcomes);
        }
        out.printf(Locale.ROOT, "create-all: %d views in %.1f s%n", outcomes.size(), took.toMillis() / 1000.0);
    }

    private boolean run() throws SQLException, IOException {
        List<Double> kept = new ArrayList<>();
        List<Double> fresh = new ArrayList<>();
        List<Double> keptInPsql = new ArrayList<>();
        List<Double> freshInPsql = new ArrayList<>();
        try (Connection session = serving.database().connect();
                Psql psql = Psql.start(database);
                Psql newcomer = Psql.start(database)) {
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                Asked inSession = ask(session);
                Psql.Timed inPsql = psql.run(sql.get());
                Asked first = ask();
                newcomer.reconnect();
                Psql.Timed firstInPsql = newcomer.run(sql.get());
                requireEqual(inSession, inPsql);
                requireEqual(first, firstInPsql);
                if (round >= WARM_UP) {
                    kept.add(inSession.milliseconds());
                    fresh.add(first.milliseconds());
                    keptInPsql.add(inPsql.milliseconds());
                    freshInPsql.add(firstInPsql.milliseconds());
                }
            }
        }
        out.printf(Locale.ROOT, "medians of %d, in ms        rf      psql     ratio%n", ROUNDS);
        print("in a session that is kept", kept, keptInPsql);
        print("in a new session each", fresh, freshInPsql);
        return median(kept) / median(keptInPsql) <= PROMISED;
    }

    private void print(String where, List<Double> inRf, List<Double> inPsql) {
        out.printf(
                Locale.ROOT,
                "  %-26s %8.3f  %8.3f    %6.2f%n",
                where,
                median(inRf),
                median(inPsql),
                median(inRf) / median(inPsql));
    }

    /** What rf counted, and the milliseconds from its statement to the answer. */
    private record Asked(long count, double milliseconds) {}

    private Asked ask() throws SQLException {
        try (Connection session = serving.database().connect()) {
            return ask(session);
        }
    }

    private Asked ask(Connection session) {
        var answer = serving.answer(
                session,
                views -> CohortSql.count(MEN_WITH_DIABETES, views),
                (rows, _) -> {
                    rows.next();
                    return rows.getLong(1);
                },
                statement -> {
                    sql.set(String.valueOf(statement));
                    return () -> {};
                });
        return new Asked(answer.result(), answer.timings().getOrDefault("sql", Double.NaN));
    }

    private static void requireEqual(Asked answer, Psql.Timed same) {
        if (!same.answer().equals(String.valueOf(answer.count()))) {
            throw new IllegalStateException("rf counts " + answer.count() + ", psql " + same.answer());
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
