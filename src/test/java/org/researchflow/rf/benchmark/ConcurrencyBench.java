package org.researchflow.rf.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.TestDatabase;
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

/**
 * Answers a second to 1, 10, 50 and 100 clients: pgbench with rf's statement, prepared, beside {@code rf bench concurrency},
 * in turns; over the few patients of a test, where there is next to nothing to count, and over many. A program for people,
 * not a test. Ends with 1 when 100 clients that ask of many patients get less than is promised.
 */
public final class ConcurrencyBench {

    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final double PROMISED = 0.8;
    private static final List<Integer> CLIENTS = List.of(1, 10, 50, 100);
    private static final int ROUNDS = 3;
    private static final int SECONDS = 3;
    /** Until Java has compiled what is asked all the time. */
    private static final int WARMUP = 5;

    private static final int MANY = 10_000;
    private static final List<Integer> PATIENTS = List.of(MANY, 131);
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
    /** The values of the statement. */
    private static final Map<String, String> VARIABLES =
            Map.of("gender", "male", "code", "44054006", "codes", "{\"44054006\"}");

    private static final Cohort MEN_WITH_DIABETES =
            Cohort.all(List.of(Gender.parse(List.of("male")), Event.condition(Code.parse("44054006"))));

    private final PrintStream out;
    private final TestDatabase database;
    private final Path script;

    private ConcurrencyBench(PrintStream out, TestDatabase database, Path script) {
        this.out = out;
        this.database = database;
        this.script = script;
    }

    public static void main(String... args) throws SQLException, IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path script = Files.createTempFile("rf-statement", ".sql");
        boolean kept = false;
        try {
            for (int patients : PATIENTS) {
                try (TestDatabase database = LargeHapi.ofConditions(patients).database()) {
                    ConcurrencyBench bench = new ConcurrencyBench(out, database, script);
                    bench.process(
                            List.of("dist/bin/rf", "views", "create", "patient_simple", "condition_simple", "-q"));
                    Files.writeString(script, bench.statement() + ";\n");
                    out.println(patients + " patients");
                    boolean reached = bench.run();
                    kept |= patients == MANY && reached;
                }
            }
        } finally {
            Files.delete(script);
        }
        System.exit(kept ? 0 : 1);
    }

    /** As the server gets it, its values in variables of pgbench, which sends them as parameters as well. */
    private String statement() {
        AtomicReference<String> sql = new AtomicReference<>("");
        new Serving(
                        new Database(ConnectionSettings.of(
                                new Address(database.host(), database.port()),
                                database.database(),
                                database.user(),
                                Optional.of(database.password()),
                                "the bench")),
                        new SourceSettings("public", ZONE, FhirVersion.R4),
                        RunnerName.MATERIALIZED)
                .answer(views -> CohortSql.count(MEN_WITH_DIABETES, views), (rows, _) -> rows.next(), statement -> {
                    sql.set(String.valueOf(statement));
                    return () -> {};
                });
        String written = sql.get();
        for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
            String before = written;
            written = written.replace("('" + variable.getValue() + "')", ":" + variable.getKey());
            if (written.equals(before)) {
                throw new IllegalStateException("the statement has no value for " + variable.getKey());
            }
        }
        return written;
    }

    private boolean run() throws IOException, InterruptedException {
        out.println("answers a second     pgbench   its statement in rf    rf itself      ratio");
        double last = 0;
        for (int clients : CLIENTS) {
            double pgbench = 0;
            double floor = 0;
            double rf = 0;
            for (int round = 0; round < ROUNDS; round++) {
                pgbench += pgbench(clients) / ROUNDS;
                JsonNode series = rf(clients).path("series");
                floor += throughput(series, "floor") / ROUNDS;
                rf += throughput(series, "materialized") / ROUNDS;
            }
            last = rf / pgbench;
            out.printf(
                    Locale.ROOT,
                    "%5d clients       %9.0f   %9.0f             %9.0f       %6.2f%n",
                    clients,
                    pgbench,
                    floor,
                    rf,
                    last);
        }
        return last >= PROMISED;
    }

    private double pgbench(int clients) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("pgbench", "-n", "-M", "prepared", "-j", "2", "-c"));
        command.addAll(List.of(String.valueOf(clients), "-T", String.valueOf(SECONDS), "-f", script.toString()));
        VARIABLES.forEach((name, value) -> command.addAll(List.of("-D", name + "=" + value)));
        Matcher tps = TPS.matcher(process(command));
        if (!tps.find()) {
            throw new IllegalStateException("pgbench says nothing of its throughput");
        }
        return Double.parseDouble(tps.group(1));
    }

    private JsonNode rf(int clients) throws IOException, InterruptedException {
        return new JsonMapper()
                .readTree(process(List.of(
                        "dist/bin/rf",
                        "bench",
                        "concurrency",
                        "--query",
                        "clients-" + clients,
                        "--runs",
                        "1",
                        "--duration",
                        SECONDS + "s",
                        "--warmup",
                        WARMUP + "s",
                        "-o",
                        "json")));
    }

    private static double throughput(JsonNode series, String runner) {
        for (JsonNode one : series) {
            if (one.path("runner").asText().equals(runner)) {
                return one.at("/figures/throughput/value").asDouble();
            }
        }
        throw new IllegalStateException("nothing was measured of " + runner);
    }

    /** Runs a program on the database to its end, which must be a good one; returns what it printed. */
    private String process(List<String> command) throws IOException, InterruptedException {
        Path said = Files.createTempFile("rf-said", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(said.toFile());
        builder.environment()
                .putAll(Map.of(
                        "PGHOST",
                        database.host(),
                        "PGPORT",
                        String.valueOf(database.port()),
                        "PGUSER",
                        database.user(),
                        "PGDATABASE",
                        database.database(),
                        "PGPASSWORD",
                        database.password(),
                        "RF_HAPI_TIME_ZONE",
                        ZONE.toString()));
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(Files.readString(said));
        }
        Files.delete(said);
        return printed;
    }
}
