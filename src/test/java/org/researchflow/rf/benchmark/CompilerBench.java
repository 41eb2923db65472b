package org.researchflow.rf.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.postgresql.PGConnection;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.ResourceRelation;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;

/**
 * What compiled views cost beside SQL that a person wrote for the same rows, knowing the data: that the dates are whole,
 * the first coding has a code, and references lead to patients. Both fill a table, in turns; the rows are compared
 * first. A program for people, not a test. Ends with 1 when a ratio is above what is promised.
 */
public final class CompilerBench {

    private static final double PROMISED = 1.2;
    /** So many rounds at least, and of small views as many more as fit into the time. */
    private static final int ROUNDS = 9;

    private static final int MOST_ROUNDS = 99;
    private static final double TIME = 5000;

    /** What a round runs. */
    private enum Way {
        PARSED,
        WRITTEN,
        COMPILED
    }

    private final PrintStream out;
    private final Connection connection;

    private CompilerBench(PrintStream out, Connection connection) {
        this.out = out;
        this.connection = connection;
    }

    public static void main(String... args) throws SQLException, IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Path.of(System.getProperty("rf.test.shared", "../shared")).resolve("ndjson-150");
        if (!Files.isDirectory(folder)) {
            out.println("skipped: no resources in " + folder + "; -Drf.test.shared=FOLDER says where ndjson-150 is");
            return;
        }
        boolean kept;
        try (TestDatabase database = TestPostgres.empty();
                Connection connection = database.connect()) {
            kept = new CompilerBench(out, connection).run(folder);
        }
        System.exit(kept ? 0 : 1);
    }

    private boolean run(Path folder) throws SQLException, IOException {
        execute("set jit = off");
        // As for every build of a view.
        execute("set parallel_setup_cost = 0");
        execute("set parallel_tuple_cost = 0");
        for (String type : Pack.FHIR.views().stream()
                .map(ViewDefinition::resource)
                .distinct()
                .toList()) {
            load(folder, type);
        }
        out.printf(
                Locale.ROOT,
                "medians of %d to %d, in ms  parsing   written  compiled   to written  to parsing%n",
                ROUNDS,
                MOST_ROUNDS);
        boolean kept = true;
        for (ViewDefinition view : Pack.FHIR.views()) {
            kept &= compare(view);
        }
        return kept;
    }

    private void load(Path folder, String type) throws SQLException, IOException {
        execute("create temporary table line (doc text)");
        try (InputStream lines = new GZIPInputStream(Files.newInputStream(folder.resolve(type + ".ndjson.gz")))) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy line from stdin with (format csv, quote e'\\x01', delimiter e'\\x02')", lines);
        }
        execute("create table " + table(type) + " as select doc::jsonb ->> 'id' as key, doc from line");
        execute("drop table line");
        execute("vacuum analyze " + table(type));
    }

    private static String table(String type) {
        return Identifiers.identifier(type.toLowerCase(Locale.ROOT));
    }

    private boolean compare(ViewDefinition view) throws SQLException {
        ViewPlan plan = ViewCompiler.compile(view);
        String resources = table(plan.resourceType());
        Map<Way, String> statements = new EnumMap<>(Map.of(
                Way.PARSED,
                "select count(*) from " + resources + " where doc::jsonb is not null",
                Way.WRITTEN,
                "create unlogged table written as " + written(view.name()),
                Way.COMPILED,
                "create unlogged table compiled as "
                        + ViewSql.rows(
                                        plan,
                                        new ResourceRelation(
                                                "select key, 1::bigint as version, doc::jsonb as resource from "
                                                        + resources + " offset '0'"))
                                .text()));
        Map<Way, List<Double>> times = new EnumMap<>(Way.class);
        double spent = 0;
        for (int round = 0; round <= ROUNDS || (spent < TIME && round <= MOST_ROUNDS); round++) {
            for (Way way : Way.values()) {
                double took = execute(Objects.requireNonNull(statements.get(way)));
                spent += took;
                if (round > 0) {
                    times.computeIfAbsent(way, _ -> new ArrayList<>()).add(took);
                }
            }
            if (round == 0) {
                requireEqualRows(view.name());
            }
            execute("drop table written, compiled");
        }
        double parsed = median(times, Way.PARSED);
        double written = median(times, Way.WRITTEN);
        double compiled = median(times, Way.COMPILED);
        out.printf(
                Locale.ROOT,
                "  %-24s %8.1f  %8.1f  %8.1f   %10.2f  %10.2f%n",
                view.name(),
                parsed,
                written,
                compiled,
                compiled / written,
                compiled / parsed);
        return compiled / written <= PROMISED;
    }

    private static String written(String view) {
        try (InputStream sql = Objects.requireNonNull(
                CompilerBench.class.getResourceAsStream("/bench/compiler/" + view + ".sql"), view)) {
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireEqualRows(String view) throws SQLException {
        for (String difference : List.of(
                "select count(*) from (table written except all table compiled) missing",
                "select count(*) from (table compiled except all table written) added")) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(difference)) {
                row.next();
                if (row.getLong(1) != 0) {
                    throw new IllegalStateException(view + ": other rows than the written SQL: " + row.getLong(1));
                }
            }
        }
    }

    /** Returns the milliseconds that it took. */
    private double execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            long start = System.nanoTime();
            statement.execute(sql);
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private static double median(Map<Way, List<Double>> times, Way way) {
        List<Double> sorted =
                Objects.requireNonNull(times.get(way)).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
