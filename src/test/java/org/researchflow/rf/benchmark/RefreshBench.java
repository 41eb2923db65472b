package org.researchflow.rf.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;

/**
 * What refreshing all views of the pack costs, beside what exists: a full build beside the bare {@code create table as}
 * with the same indexes, and incremental refreshes beside the full build, in turns; and the memory of rf's process. A
 * program for people, not a test: its figures depend on the machine. Ends with 1 when something promised is not kept.
 * Needs {@code make build}, and Linux for the memory.
 */
public final class RefreshBench {

    private static final double PROMISED_BUILD = 1.25;
    private static final double PROMISED_CHANGES = 0.03;
    private static final double PROMISED_NOTHING = 0.015;
    private static final long PROMISED_MEGABYTES = 256;

    private static final int ONE_OF = 1000;
    private static final int ROUNDS = Integer.getInteger("rf.bench.rounds", 5);
    /** Incremental refreshes are short: more of them are measured. */
    private static final int TIMES = 3;

    private static final RunListener NOBODY = new RunListener() {
        @Override
        public void started(String view) {}

        @Override
        public void finished(Outcome outcome) {}
    };

    /** What is measured. */
    private enum Way {
        BARE("create table as, indexes, analyze"),
        BUILD("full build"),
        CHANGES("refresh, 0.1 % changed"),
        NOTHING("refresh, nothing changed");

        private final String title;

        Way(String title) {
            this.title = title;
        }
    }

    private final PrintStream out;
    private final LargeHapi hapi;
    private final Batch batch;
    private final Map<Way, List<Double>> times = new HashMap<>();
    private int changes;

    private RefreshBench(PrintStream out, LargeHapi hapi) {
        this.out = out;
        this.hapi = hapi;
        TestDatabase database = hapi.database();
        this.batch = new Batch(
                new Database(ConnectionSettings.of(
                        new Address(database.host(), database.port()),
                        database.database(),
                        database.user(),
                        Optional.of(database.password()),
                        "the benchmark")),
                // As rf has them unless it is told otherwise.
                new SourceSettings("public", ZoneId.of("UTC"), FhirVersion.R4));
    }

    public static void main(String... args) throws SQLException, IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        LargeHapi hapi = LargeHapi.of(Long.getLong("rf.bench.size", 1_000_000));
        boolean kept;
        try (TestDatabase _ = hapi.database()) {
            out.printf(
                    Locale.ROOT,
                    "%d resources, %d MB in hfj_resource, %d MB in hfj_res_ver, fsync off%n",
                    hapi.resources(),
                    megabytes(hapi, "hfj_resource"),
                    megabytes(hapi, "hfj_res_ver"));
            kept = new RefreshBench(out, hapi).run();
        }
        System.exit(kept ? 0 : 1);
    }

    private static long megabytes(LargeHapi hapi, String table) throws SQLException {
        return hapi.database().count("select pg_table_size('" + table + "')") >> 20;
    }

    private boolean run() throws SQLException, IOException, InterruptedException {
        RfProcess created = RfProcess.run(hapi.database(), "views", "create-all");
        List<List<String>> bare = bare();
        for (int round = 0; round <= ROUNDS; round++) {
            measure(round, Way.BARE, () -> inParallel(bare));
            drop(bare.size());
            hapi.database().execute("checkpoint");
            measure(round, Way.BUILD, () -> refresh(RunOptions.Refresh.REBUILD));
            hapi.database().execute("checkpoint");
            for (int time = 0; time < TIMES; time++) {
                hapi.change(ONE_OF, ++changes);
                measure(round, Way.CHANGES, () -> refresh(RunOptions.Refresh.CHANGES));
                measure(round, Way.NOTHING, () -> refresh(RunOptions.Refresh.CHANGES));
            }
        }
        hapi.change(ONE_OF, ++changes);
        RfProcess refreshed = RfProcess.run(hapi.database(), "views", "refresh-all");
        // Many, but not so many that everything is built anew.
        hapi.change(7, 1);
        RfProcess many = RfProcess.run(hapi.database(), "views", "refresh-all");
        RfProcess none = RfProcess.run(hapi.database(), "views", "refresh-all");
        out.printf(Locale.ROOT, "medians of %d and %d, in s%n", ROUNDS, ROUNDS * TIMES);
        report(Way.BARE, "");
        boolean kept = compare(Way.BUILD, Way.BARE, PROMISED_BUILD);
        kept &= compare(Way.CHANGES, Way.BUILD, PROMISED_CHANGES);
        kept &= compare(Way.NOTHING, Way.BUILD, PROMISED_NOTHING);
        out.printf("processes:                                 s      MB  of it heap%n");
        kept &= report("rf views create-all", created);
        kept &= report("rf views refresh-all, 0.1 % changed", refreshed);
        kept &= report("rf views refresh-all, 14 % changed", many);
        kept &= report("rf views refresh-all, nothing changed", none);
        return kept;
    }

    private interface Work {
        void run() throws SQLException, InterruptedException;
    }

    /** The first round warms up. */
    private void measure(int round, Way way, Work work) throws SQLException, InterruptedException {
        long start = System.nanoTime();
        work.run();
        double took = (System.nanoTime() - start) / 1e9;
        if (round > 0) {
            times.computeIfAbsent(way, _ -> new ArrayList<>()).add(took);
        }
    }

    private void refresh(RunOptions.Refresh thoroughness) {
        for (Outcome outcome : batch.refreshAll(RunOptions.DEFAULT.withRefresh(thoroughness), NOBODY)) {
            boolean expected = thoroughness == RunOptions.Refresh.REBUILD
                    ? outcome instanceof Outcome.Built
                    : outcome instanceof Outcome.Refreshed;
            if (!expected) {
                throw new IllegalStateException(outcome.toString());
            }
        }
    }

    /** For each view what makes the same table without rf. */
    private List<List<String>> bare() throws SQLException {
        List<List<String>> views = new ArrayList<>();
        try (Connection connection = hapi.database().connect()) {
            Resources resources = batch.settings().resources(connection);
            for (ViewDefinition view : Pack.FHIR.views()) {
                ViewPlan plan = ViewCompiler.compile(view);
                String table = "bare" + views.size();
                List<String> statements = new ArrayList<>();
                // As every session of rf does, and every build.
                statements.add("set search_path = pg_catalog; set timezone = 'UTC'; set jit = off;"
                        + " set parallel_setup_cost = 0; set parallel_tuple_cost = 0");
                statements.add("create table public." + table + " as "
                        + ViewSql.keyed(plan, resources.of(plan.resourceType(), plan.readsId(), plan.readsMeta()))
                                .text());
                statements.addAll(indexes(connection, view.name(), table));
                statements.add("analyze public." + table);
                views.add(statements);
            }
        }
        return views;
    }

    private static List<String> indexes(Connection connection, String view, String table) throws SQLException {
        List<String> indexes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select regexp_replace(indexdef, 'INDEX \\S+ ON \\S+ ', 'INDEX ON public.%s ')
                          from pg_indexes
                          join sqlonfhir.materialized_view_metadata
                            on tablename = 'v' || view_number || '_g' || generation
                         where view_name = '%s'
                        """.formatted(table, view))) {
            while (row.next()) {
                indexes.add(row.getString(1));
            }
        }
        return indexes;
    }

    /** As many views at a time as rf builds. */
    private void inParallel(List<List<String>> views) throws SQLException, InterruptedException {
        try (ExecutorService workers = Executors.newFixedThreadPool(RunOptions.DEFAULT.jobs())) {
            List<Future<?>> running = new ArrayList<>();
            for (List<String> statements : views) {
                running.add(workers.submit(() -> {
                    try (Connection connection = hapi.database().connect();
                            Statement statement = connection.createStatement()) {
                        statement.setEscapeProcessing(false);
                        for (String sql : statements) {
                            statement.execute(sql);
                        }
                    }
                    return true;
                }));
            }
            for (Future<?> done : running) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void drop(int views) throws SQLException {
        for (int i = 0; i < views; i++) {
            hapi.database().execute("drop table bare" + i);
        }
    }

    private boolean compare(Way way, Way with, double promised) {
        double ratio = median(way) / median(with);
        report(
                way,
                String.format(
                        Locale.ROOT,
                        "%6.2f %% of %s, %s %.1f %%",
                        100 * ratio,
                        with.title,
                        ratio <= promised ? "promised" : "NOT the promised",
                        100 * promised));
        return ratio <= promised;
    }

    private void report(Way way, String more) {
        out.printf(Locale.ROOT, "  %-36s %8.3f  %s%n", way.title, median(way), more);
    }

    private boolean report(String command, RfProcess process) {
        boolean kept = process.resident() < PROMISED_MEGABYTES;
        out.printf(
                Locale.ROOT,
                "  %-36s %8.3f  %5d  %5d  %s%n",
                command,
                process.seconds(),
                process.resident(),
                process.heap(),
                kept ? "" : "NOT below " + PROMISED_MEGABYTES);
        return kept;
    }

    private double median(Way way) {
        List<Double> sorted =
                Objects.requireNonNull(times.get(way)).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
