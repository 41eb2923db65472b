package org.researchflow.rf.benchmark;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Catalog;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.cohort.Age;
import org.researchflow.rf.cohort.Breakdown;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.Dimension;
import org.researchflow.rf.cohort.Event;
import org.researchflow.rf.cohort.Gender;
import org.researchflow.rf.cohort.Group;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.view.Pack;

/**
 * What cohort questions cost with 111,000 patients and 4 million conditions: the stored views of a HAPI server's data,
 * each row many times over, under other keys. A program for people, not a test: its figures depend on the machine. Ends
 * with 1 when a figure is above what is promised.
 */
public final class CohortBench {

    private static final int COPIES = Integer.getInteger("rf.bench.copies", 850);
    private static final int WARM_UP = 5;
    private static final int ROUNDS = Integer.getInteger("rf.bench.rounds", 41);

    private static final RunListener NOBODY = new RunListener() {
        @Override
        public void started(String view) {}

        @Override
        public void finished(Outcome outcome) {}
    };

    private final PrintStream out;
    private final Serving serving;
    private final Connection session;
    private boolean kept = true;

    private CohortBench(PrintStream out, Serving serving, Connection session) {
        this.out = out;
        this.serving = serving;
        this.session = session;
    }

    public static void main(String... args) throws SQLException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean kept;
        try (TestDatabase database = TestPostgres.hapi880()) {
            SourceSettings settings = new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4);
            Database connection = new Database(ConnectionSettings.of(
                    new Address(database.host(), database.port()),
                    database.database(),
                    database.user(),
                    Optional.of(database.password()),
                    "the bench"));
            database.execute("analyze");
            new Batch(connection, settings).create(Pack.FHIR.views(), false, RunOptions.DEFAULT, NOBODY);
            Serving serving = new Serving(connection, settings, RunnerName.MATERIALIZED);
            try (Connection session = connection.connect()) {
                multiply(out, session);
                // As autovacuum would; at the end, when no transaction is left that might still look at older rows.
                execute(session, "vacuum (analyze, disable_page_skipping)");
                execute(session, "checkpoint");
                CohortBench bench = new CohortBench(out, serving, session);
                out.println(
                        "load " + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                bench.run();
                out.println(
                        "load " + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                kept = bench.kept;
            }
        }
        System.exit(kept ? 0 : 1);
    }

    /** Fills the stored tables of patients and conditions; their indexes are those that a build makes. */
    private static void multiply(PrintStream out, Connection session) throws SQLException {
        execute(session, "set maintenance_work_mem = '512MB'");
        execute(session, "set max_parallel_maintenance_workers = 2");
        for (Materialization view : Catalog.all(session)) {
            if (!List.of("Patient", "Condition").contains(view.resourceType())) {
                continue;
            }
            List<String> indexes = texts(
                    session,
                    "select pg_get_indexdef(indexrelid) from pg_index where indrelid = '" + view.store()
                            + "'::regclass");
            for (String index : texts(
                    session,
                    "select indexrelid::regclass from pg_index where indrelid = '" + view.store() + "'::regclass")) {
                execute(session, "drop index " + index);
            }
            List<String> columns = texts(
                    session,
                    "select attname from pg_attribute where attrelid = '" + view.store()
                            + "'::regclass and attnum > 0 and not attisdropped order by attnum");
            List<String> keys = List.of("rf_key", "id", "patient_id", "encounter_id");
            String values = columns.stream()
                    .map(column -> keys.contains(column) ? "k || '-' || " + column : '"' + column + '"')
                    .collect(Collectors.joining(", "));
            execute(
                    session,
                    "insert into " + view.store() + " select " + values + " from " + view.store()
                            + " cross join generate_series(1, " + (COPIES - 1) + ") k");
            for (String index : indexes) {
                execute(session, index);
            }
            out.println(view.view() + ": "
                    + texts(session, "select count(*) from " + view.store()).getFirst() + " rows, "
                    + texts(
                                    session,
                                    "select pg_size_pretty(pg_table_size('" + view.store()
                                            + "'::regclass)) || ', indexes ' || pg_size_pretty(pg_indexes_size('"
                                            + view.store()
                                            + "'::regclass))")
                            .getFirst());
        }
    }

    private void run() throws SQLException {
        Gender men = Gender.parse(List.of("male"));
        Event diabetes = Event.condition(Code.parse("44054006"));
        Event hypertension = Event.condition(Code.parse("59621000"));
        Event prediabetes = Event.condition(Code.parse("15777000"));
        measure("gender and code", 10, Cohort.all(List.of(men, diabetes)));
        bare("  the same by hand", """
                select count(*) from sqlonfhir.patient_simple p
                 where gender = 'male' and exists (select from sqlonfhir.condition_simple c
                                                    where c.patient_id = p.id and c.code = '44054006')
                """);
        bare("  only the men", "select count(*) from sqlonfhir.patient_simple where gender = 'male'");
        measure("two codes, not a third", 30, Cohort.all(List.of(men, hypertension, Group.none(diabetes))));
        measure(
                "code, age, not a code",
                Double.NaN,
                Cohort.all(List.of(
                        hypertension,
                        Age.parse(List.of("40..65"), LocalDate.of(2025, 1, 1)),
                        Group.none(prediabetes))));
        measure("one of two codes", Double.NaN, Cohort.all(List.of(Group.any(hypertension, prediabetes))));
        Code[] all =
                texts(session, "select distinct code from sqlonfhir.condition_simple where code is not null").stream()
                        .map(Code::parse)
                        .toArray(Code[]::new);
        measure("value set of all " + all.length + " codes", 1000, Cohort.all(List.of(Event.condition(all))));
        LocalDate day = LocalDate.of(2025, 1, 1);
        measure("breakdown by code", 1000, by(day, Dimension.CODE));
        measure(
                "diabetic men by code",
                Double.NaN,
                views -> CohortSql.breakdown(
                        Cohort.all(List.of(men, diabetes)), new Breakdown(List.of(Dimension.CODE), day), views));
        bare("  all by code, by hand", """
                select count(*) from (select code, count(distinct patient_id)
                                        from sqlonfhir.condition_simple group by code) as cells
                """);
        measure("breakdown by gender, age", Double.NaN, by(day, Dimension.GENDER, Dimension.AGE_BAND));
    }

    private static Serving.Asking by(LocalDate day, Dimension... dimensions) {
        return views -> CohortSql.breakdown(Cohort.all(List.of()), new Breakdown(List.of(dimensions), day), views);
    }

    private void measure(String name, double promised, Cohort cohort) throws SQLException {
        measure(name, promised, views -> CohortSql.count(cohort, views));
    }

    private void measure(String name, double promised, Serving.Asking question) throws SQLException {
        List<Double> times = new ArrayList<>();
        AtomicReference<String> sql = new AtomicReference<>("");
        long count = 0;
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            long start = System.nanoTime();
            var answer = serving.answer(
                    session,
                    question,
                    (rows, _) -> {
                        rows.next();
                        return rows.getLong(1);
                    },
                    statement -> {
                        sql.set(String.valueOf(statement));
                        return () -> {};
                    });
            count = answer.result();
            if (round >= WARM_UP) {
                times.add(answer.timings().getOrDefault("sql", (System.nanoTime() - start) / 1e6));
            }
        }
        double median = times.stream().sorted().toList().get(times.size() / 2);
        out.printf(
                Locale.ROOT,
                "%-28s %9d patients %9.1f ms, at best %.1f%s%n",
                name,
                count,
                median,
                times.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                Double.isNaN(promised) ? "" : "   (promised " + Math.round(promised) + ")");
        if (median > promised) {
            kept = false;
        }
        if (Boolean.getBoolean("rf.bench.plans")) {
            texts(session, "explain (analyze, buffers) " + sql.get()).forEach(out::println);
            out.println(sql.get());
        }
    }

    /** What PostgreSQL needs for a statement that somebody would write by hand. */
    private void bare(String name, String sql) throws SQLException {
        List<Double> times = new ArrayList<>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            long start = System.nanoTime();
            texts(session, sql);
            if (round >= WARM_UP) {
                times.add((System.nanoTime() - start) / 1e6);
            }
        }
        double median = times.stream().sorted().toList().get(times.size() / 2);
        out.printf(Locale.ROOT, "%-28s %18s %9.1f ms%n", name, "", median);
    }

    private static List<String> texts(Connection session, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
        }
        return texts;
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
