package org.researchflow.rf.acceptance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.cli.Cancellation;
import org.researchflow.rf.cli.Environment;
import org.researchflow.rf.cli.Host;
import org.researchflow.rf.cli.Main;
import org.researchflow.rf.cli.Terminal;

/**
 * The command line as a person has it, run in this process.
 *
 * @param environment the variables that it sees
 * @param terminal which of its streams is a terminal
 */
record Rf(Map<String, String> environment, Terminal terminal) {

    Rf {
        environment = Map.copyOf(environment);
    }

    /** With this database configured, and no home folder that could hold anything. */
    static Rf on(TestDatabase database) {
        return with(Map.of("HOME", "/nowhere", "RF_DB_URL", url(database)));
    }

    static Rf with(Map<String, String> environment) {
        return new Rf(environment, Terminal.none());
    }

    /** With one more variable. */
    Rf with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Rf(more, terminal);
    }

    /** With a data folder of its own, and the same database if there is one. */
    Rf at(Path dataFolder) {
        Map<String, String> more = new HashMap<>(environment);
        more.put("XDG_DATA_HOME", dataFolder.toString());
        return new Rf(more, terminal);
    }

    Rf on(Terminal where) {
        return new Rf(environment, where);
    }

    private static String url(TestDatabase database) {
        return "postgresql://" + database.user() + ":" + database.password() + "@" + database.host() + ":"
                + database.port() + "/" + database.database();
    }

    Ended run(String... args) {
        return runTyping("", args);
    }

    /** Runs a command that may ask something, and is given this answer. */
    Ended runTyping(String answer, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Host host = new Host(
                out,
                err,
                new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
                Environment.of(environment),
                terminal,
                Clock.systemUTC(),
                new Cancellation());
        int code = new Main(host).run(args);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
