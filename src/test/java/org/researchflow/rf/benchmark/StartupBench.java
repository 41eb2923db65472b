package org.researchflow.rf.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/**
 * What starting rf costs: whole processes of the launcher, in turns with psql and a Java that does nothing. A program for
 * people, not a test: medians of the time that passes
 * say something on a machine that is near idle, processor times everywhere. Ends with 1 when a ratio is above what is
 * promised.
 */
public final class StartupBench {

    private static final int WARM_UP = 3;
    private static final int ROUNDS = 15;

    /** Linux counts processor time in hundredths of a second for everybody, whatever it measures in. */
    private static final double TICK_MS = 10;

    /** Where in /proc/self/stat, behind the name of the program, the times of its children stand. */
    private static final int CHILDREN_USER = 13;

    /**
     * What starting a program once took.
     *
     * @param cpu user and system time of all its processes: what other work on the machine hardly changes
     */
    private record Cost(double wall, double cpu) {}

    /**
     * A program that is started.
     *
     * @param promised how many times as long as a bare Java it may take; none for those beside which rf stands
     */
    private record Started(String name, double promised, List<String> command) {}

    private StartupBench() {}

    public static void main(String... args) throws IOException, InterruptedException, SQLException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("rf-startup");
        boolean kept = true;
        try (TestDatabase database = TestPostgres.hapi880();
                TestRedis redis = TestRedis.start()) {
            Map<String, String> environment = environment(database, redis, folder);
            run(List.of("dist/bin/rf", "views", "create-all"), environment);
            run(List.of("dist/bin/rf", "poll-fhir"), environment);
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            List<Started> programs = List.of(
                    new Started("psql", 0, List.of("psql", "-XAtc", "select 1")),
                    new Started(
                            "java --version",
                            0,
                            List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--version")),
                    new Started("rf --version", 1.5, List.of("dist/bin/rf", "--version")),
                    new Started("rf views list", 160 / 35.0, List.of("dist/bin/rf", "views", "list")),
                    new Started(
                            "rf query, with Redis",
                            8,
                            List.of(
                                    "dist/bin/rf",
                                    "query",
                                    "--gender",
                                    "male",
                                    "--code",
                                    "44054006",
                                    "--require-speed")));
            Map<String, List<Cost>> costs = measured(programs, environment);
            out.println("load " + Files.readString(Path.of("/proc/loadavg")).strip());
            double bare = median(costs.getOrDefault("java --version", List.of()));
            for (Started program : programs) {
                List<Cost> taken = costs.getOrDefault(program.name(), List.of());
                double median = median(taken);
                boolean good = program.promised() == 0 || median <= program.promised() * bare;
                kept &= good;
                out.printf(
                        Locale.ROOT,
                        "%-22s %7.0f ms %6.1f× a bare Java %7.0f ms of processor time%s%n",
                        program.name(),
                        median,
                        median / bare,
                        taken.stream().mapToDouble(Cost::cpu).average().orElse(Double.NaN),
                        program.promised() == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "   (promised: %.1f%s)",
                                        program.promised(),
                                        good ? "" : ", MISSED"));
            }
        }
        System.exit(kept ? 0 : 1);
    }

    private static Map<String, String> environment(TestDatabase database, TestRedis redis, Path folder) {
        return Map.of(
                "RF_DB_URL",
                "postgresql://%s@%s:%d/%s"
                        .formatted(database.user(), database.host(), database.port(), database.database()),
                "PGHOST",
                database.host(),
                "PGPORT",
                Integer.toString(database.port()),
                "PGUSER",
                database.user(),
                "PGDATABASE",
                database.database(),
                "PGPASSWORD",
                database.password(),
                "RF_REDIS_URL",
                redis.url(),
                "XDG_CACHE_HOME",
                folder.toString(),
                "XDG_STATE_HOME",
                folder.toString());
    }

    private static Map<String, List<Cost>> measured(List<Started> programs, Map<String, String> environment)
            throws IOException, InterruptedException {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Started program : programs) {
                Cost took = run(program.command(), environment);
                if (round >= 0) {
                    costs.computeIfAbsent(program.name(), _ -> new ArrayList<>())
                            .add(took);
                }
            }
        }
        return costs;
    }

    private static Cost run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // What a terminal of the person who measures has set must not count.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("RF_"));
        builder.environment().putAll(environment);
        double before = childrenMs();
        long start = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        int code = process.waitFor();
        double took = (System.nanoTime() - start) / 1e6;
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
        }
        return new Cost(took, childrenMs() - before);
    }

    /** The processor time of all processes that this one has started, and that have ended. */
    private static double childrenMs() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_USER + 1])) * TICK_MS;
    }

    private static double median(List<Cost> costs) {
        return costs.stream()
                .map(Cost::wall)
                .sorted()
                .skip(costs.size() / 2)
                .findFirst()
                .orElse(Double.NaN);
    }
}
