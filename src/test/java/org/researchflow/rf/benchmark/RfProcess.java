package org.researchflow.rf.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.TestDatabase;

/**
 * A run of the launcher that has come to its end.
 *
 * @param seconds from start to end
 * @param resident the most memory that the process had at once, in MB
 * @param heap the most of it that Java's heap took, in MB
 */
record RfProcess(double seconds, long resident, long heap) {

    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern COLLECTION = Pattern.compile("\\d+M->\\d+M\\((\\d+)M\\)");

    /** Runs it to its end, which must be a good one. */
    static RfProcess run(TestDatabase database, String... arguments) throws IOException, InterruptedException {
        Path collections = Files.createTempFile("rf-gc", ".log");
        Path said = Files.createTempFile("rf-said", ".log");
        List<String> command = new ArrayList<>(List.of("dist/bin/rf"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment()
                .put(
                        "RF_DB_URL",
                        "postgresql://%s@%s:%d/%s"
                                .formatted(database.user(), database.host(), database.port(), database.database()));
        builder.environment().put("PGPASSWORD", database.password());
        builder.environment().put("RF_JAVA_OPTS", "-Xlog:gc:file=" + collections);
        long start = System.nanoTime();
        Process process = builder.start();
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long resident = 0;
        // The kernel keeps the peak, but forgets it with the process.
        while (!process.waitFor(java.time.Duration.ofMillis(10))) {
            resident = Math.max(resident, peak(status));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(said));
        }
        long heap = Files.readString(collections)
                .lines()
                .map(COLLECTION::matcher)
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .max()
                .orElse(0);
        Files.delete(collections);
        Files.delete(said);
        return new RfProcess(seconds, resident >> 10, heap);
    }

    private static long peak(Path status) {
        try {
            Matcher found = PEAK.matcher(Files.readString(status));
            return found.find() ? Long.parseLong(found.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
