package org.researchflow.rf.bench;

import static org.researchflow.rf.sql.Identifiers.qualified;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What figures depend on: programs, machine, the server's settings, and how much there is. */
public final class BenchEnvironment {

    private static final String[] SETTINGS = {
        "shared_buffers",
        "work_mem",
        "max_connections",
        "max_parallel_workers_per_gather",
        "fsync",
        "synchronous_commit"
    };

    private BenchEnvironment() {}

    /**
     * Of a bench on this machine and this database.
     *
     * @param version of rf
     */
    public static Map<String, String> of(Bed bed, String version, Pace pace) throws SQLException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("rf", version);
        environment.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        environment.put(
                "machine",
                String.format(
                        Locale.ROOT,
                        "%d processors, %s %s, %s",
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        processor()));
        environment.put(
                "pace",
                String.format(
                        Locale.ROOT,
                        "%d runs of %.1f s after %.1f s of warm-up, %s",
                        pace.runs(),
                        pace.duration().toMillis() / 1000.0,
                        pace.warmUp().toMillis() / 1000.0,
                        pace.rate().isPresent() ? pace.rate().getAsDouble() + " a second" : "closed loop"));
        try (Connection connection = bed.database().connect();
                Statement statement = connection.createStatement()) {
            environment.put("postgresql", text(statement, "show server_version"));
            for (String setting : SETTINGS) {
                environment.put(setting, text(statement, "show " + setting));
            }
            Map<String, String> rows = new TreeMap<>();
            for (String view : bed.views()) {
                rows.put(view, text(statement, "select count(*) from " + qualified("sqlonfhir", view)));
            }
            rows.forEach((view, number) -> environment.put("rows of " + view, number));
        }
        return environment;
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** As Linux names it. */
    private static String processor() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"))
                    .lines()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException notLinux) {
            return "unknown processor";
        }
    }
}
