package org.researchflow.rf.benchmark;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.sandbox.BudgetSample;
import org.researchflow.rf.view.Pack;

/**
 * What the dashboard costs out of its view, beside the same figures computed when somebody asks, in turns. A program for
 * people, not a test. Ends with 1 when the view is not so much faster as is promised.
 */
public final class KpiBench {

    private static final int VERSIONS = 100;
    private static final int WARM_UP = 50;
    private static final int ROUNDS = 100;
    private static final double PROMISED_RATIO = 50;
    private static final double PROMISED_MILLISECONDS = 100;

    private static final String READ =
            "select * from efir_budget.mv_kpi_dashboard order by fiscal_year, status, budget_version_id";

    /** Money is planned by month, and that of personnel by post, of which there are twelve to a line. */
    private static final Map<String, Integer> LINES =
            Map.of("revenue_plan", 12, "personnel_cost_plan", 144, "operating_cost_plan", 12);

    private static final RunListener NOBODY = new RunListener() {
        @Override
        public void started(String view) {}

        @Override
        public void finished(Outcome outcome) {}
    };

    private KpiBench() {}

    public static void main(String... args) throws SQLException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean kept;
        try (TestDatabase database = TestPostgres.empty();
                Connection connection = database.connect()) {
            long rows = fill(connection);
            Batch batch = new Batch(
                    new Database(ConnectionSettings.of(
                            new Address(database.host(), database.port()),
                            database.database(),
                            database.user(),
                            Optional.of(database.password()),
                            "the bench")),
                    new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4));
            for (Outcome outcome : batch.create(Pack.KPI.all(), false, RunOptions.DEFAULT, NOBODY)) {
                if (outcome instanceof Outcome.Failed failed) {
                    throw Failure.failed(outcome.view()).causedBy(failed.failure());
                }
            }
            String computed = "select * from (" + batch.sql("mv_kpi_dashboard").orElseThrow()
                    + ") d order by fiscal_year, status, budget_version_id";
            out.println(VERSIONS + " budget versions, " + rows + " further rows of what they plan");
            kept = compare(out, connection, computed);
        }
        if (!kept) {
            throw new IllegalStateException("the view is not as fast as promised: " + PROMISED_RATIO + " times, under "
                    + PROMISED_MILLISECONDS + " ms");
        }
    }

    private static long fill(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        BudgetSample.createTables(connection);
        BudgetSample.fill(connection, VERSIONS);
        connection.commit();
        connection.setAutoCommit(true);
        long rows = 0;
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, Integer> lines : LINES.entrySet()) {
                rows += statement.executeUpdate("""
                        insert into efir_budget.%1$s (budget_version_id, account_code, category, amount, deleted_at)
                        select budget_version_id, account_code, category, amount + line, deleted_at
                          from efir_budget.%1$s
                         cross join generate_series(2, %2$d) line
                        """.formatted(lines.getKey(), lines.getValue()));
            }
            statement.execute("analyze");
        }
        return rows;
    }

    private static boolean compare(PrintStream out, Connection connection, String computed) throws SQLException {
        List<Double> fromView = new ArrayList<>();
        List<Double> onTheFly = new ArrayList<>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            Answer stored = ask(connection, READ);
            Answer made = ask(connection, computed);
            if (!stored.figures().equals(made.figures())) {
                throw new IllegalStateException("the view has other figures than its SQL");
            }
            if (round >= WARM_UP) {
                fromView.add(stored.milliseconds());
                onTheFly.add(made.milliseconds());
            }
        }
        double view = median(fromView);
        double fly = median(onTheFly);
        out.printf(
                Locale.ROOT,
                "medians of %d, in ms    view %.3f   on the fly %.3f   ratio %.0f%n",
                ROUNDS,
                view,
                fly,
                fly / view);
        return fly / view >= PROMISED_RATIO && view < PROMISED_MILLISECONDS;
    }

    /** All figures of a dashboard, and how long it took to have them. */
    private record Answer(List<String> figures, double milliseconds) {}

    private static Answer ask(Connection connection, String sql) throws SQLException {
        long started = System.nanoTime();
        List<String> figures = new ArrayList<>();
        // As a dashboard's connection pool has it: prepared once, by the driver's own cache.
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                for (int i = 1; i <= columns; i++) {
                    figures.add(String.valueOf(row.getString(i)));
                }
            }
        }
        return new Answer(figures, (System.nanoTime() - started) / 1e6);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
