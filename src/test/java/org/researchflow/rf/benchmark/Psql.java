package org.researchflow.rf.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.TestDatabase;

/** One psql that is fed statement by statement and says how long each took. */
final class Psql implements AutoCloseable {

    private static final Pattern TIME = Pattern.compile("Time: ([0-9.]+) ms.*");

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    private Psql(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    static Psql start(TestDatabase database) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PGHOST", database.host());
        builder.environment().put("PGPORT", String.valueOf(database.port()));
        builder.environment().put("PGDATABASE", database.database());
        builder.environment().put("PGUSER", database.user());
        builder.environment().put("PGPASSWORD", database.password());
        builder.environment().put("LC_ALL", "C");
        return new Psql(builder.start());
    }

    /** Leaves the session and begins a new one. */
    void reconnect() throws IOException {
        in.write("\\connect\n");
    }

    /** The statement's answer, and what {@code \timing} says of it. */
    Timed run(String sql) throws IOException {
        in.write("\\timing on\n" + sql + ";\n\\timing off\n\\echo end\n");
        in.flush();
        String answer = "";
        double milliseconds = Double.NaN;
        for (String line = out.readLine(); line != null && !line.equals("end"); line = out.readLine()) {
            Matcher time = TIME.matcher(line);
            if (time.matches()) {
                milliseconds = Double.parseDouble(time.group(1));
            } else {
                answer += line;
            }
        }
        return new Timed(answer, milliseconds);
    }

    record Timed(String answer, double milliseconds) {}

    @Override
    public void close() throws IOException {
        in.close();
        process.onExit().join();
    }
}
