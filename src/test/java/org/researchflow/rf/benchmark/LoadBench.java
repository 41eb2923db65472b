package org.researchflow.rf.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.postgresql.PGConnection;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.load.InputFiles;
import org.researchflow.rf.load.Load;
import org.researchflow.rf.load.LoadListener;
import org.researchflow.rf.load.NdjsonFile;
import org.researchflow.rf.load.Rejection;
import org.researchflow.rf.source.ResourceStore.Written;

/**
 * What loading Bulk Data files costs in rf beside {@code COPY} of the same lines into an empty table with a jsonb
 * column and the same key, in turns. The latter finds its lines decompressed, escaped and led by their keys. A program
 * for people, not a test: its figures depend on the machine. Ends with 1 when rf is less than half as fast.
 */
public final class LoadBench {

    private static final double PROMISED = 0.5;
    private static final int ROUNDS = 5;

    private static final LoadListener NOBODY = new LoadListener() {
        @Override
        public void begun(NdjsonFile file) {}

        @Override
        public void read(long lines) {}

        @Override
        public void written(Written soFar) {}

        @Override
        public void rejected(Rejection rejection) {
            throw new IllegalStateException(rejection.toString());
        }
    };

    private LoadBench() {}

    public static void main(String... args) throws SQLException, IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path sample = Path.of(System.getProperty("rf.test.shared", "../shared"), "ndjson-150");
        if (!Files.isDirectory(sample)) {
            out.println("there is no sample in " + sample.toAbsolutePath());
            System.exit(2);
        }
        Path lines = Files.createTempFile("rf-lines", ".copy");
        boolean kept;
        try (TestDatabase database = TestPostgres.empty()) {
            long count = prepare(sample, lines);
            out.printf(
                    Locale.ROOT,
                    "%d resources, %d MB, fsync %s%n",
                    count,
                    Files.size(lines) >> 20,
                    setting(database, "fsync"));
            kept = run(out, database, sample, lines, count);
        } finally {
            Files.delete(lines);
        }
        System.exit(kept ? 0 : 1);
    }

    /** Writes what COPY reads: type, key and resource of each line, and says how many there are. */
    private static long prepare(Path sample, Path lines) throws IOException {
        JsonMapper json = new JsonMapper();
        long count = 0;
        try (BufferedWriter to = Files.newBufferedWriter(lines);
                Stream<Path> files = Files.list(sample)) {
            for (Path file : files.sorted().toList()) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
                        BufferedReader from = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                    for (String line = from.readLine(); line != null; line = from.readLine()) {
                        JsonNode resource = json.readTree(line);
                        to.write(resource.get("resourceType").asText()
                                + '\t'
                                + resource.get("id").asText()
                                + '\t'
                                + line.replace("\\", "\\\\")
                                + '\n');
                        count++;
                    }
                }
            }
        }
        return count;
    }

    private static boolean run(PrintStream out, TestDatabase database, Path sample, Path lines, long count)
            throws SQLException, IOException {
        List<Double> copied = new ArrayList<>();
        List<Double> loaded = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            database.execute("drop table if exists copied; create table copied (type text, key text, resource jsonb,"
                    + " primary key (type, key)); checkpoint");
            copied.add(copy(database, lines));
            database.execute("drop table copied; drop schema if exists rf cascade; checkpoint");
            loaded.add(load(database, sample));
            again.add(load(database, sample));
            if (database.count("select count(*) from rf.resource") != count) {
                throw new IllegalStateException("not everything was loaded");
            }
        }
        double ratio = median(copied) / median(loaded);
        out.printf(Locale.ROOT, "medians of %d, in s%n", ROUNDS);
        out.printf(Locale.ROOT, "  COPY of prepared lines   %6.2f%n", median(copied));
        out.printf(
                Locale.ROOT,
                "  rf load                  %6.2f    %.0f %% of the speed of COPY%n",
                median(loaded),
                100 * ratio);
        out.printf(Locale.ROOT, "  rf load, the same again  %6.2f%n", median(again));
        return ratio >= PROMISED;
    }

    private static double copy(TestDatabase database, Path lines) throws SQLException, IOException {
        long start = System.nanoTime();
        try (Connection connection = database.connect();
                InputStream in = Files.newInputStream(lines)) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy copied from stdin", in, 1 << 16);
        }
        return seconds(start);
    }

    private static double load(TestDatabase database, Path sample) throws SQLException, IOException {
        long start = System.nanoTime();
        try (Connection connection = database.connect()) {
            List<NdjsonFile> files = InputFiles.of(List.of(sample.toString()), InputStream::nullInputStream)
                    .files();
            Load.of(connection, files, Optional.empty(), NOBODY);
        }
        return seconds(start);
    }

    private static String setting(TestDatabase database, String name) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("show " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
