package org.researchflow.rf.cli;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the commands that live for less than a second, so that the JVM can record what they load and keep it in a cache.
 * Of each sort one: every class in the cache is mapped by every start.
 */
final class Training {

    /** What a process of a kind is likely to need. Each kind has a cache of its own. */
    private static final Map<String, List<List<String>>> COMMANDS = Map.of(
            "views",
            List.of(List.of("views", "list"), List.of("views", "list", "-o", "json")),
            "query",
            List.of(
                    List.of("query", "--gender", "male", "--code", "44054006"),
                    List.of("query", "--gender", "male", "--code", "44054006", "-o", "json"),
                    List.of("query", "--text", "diabetes", "--age", "40..65", "--at", "2020-01-01")));

    private Training() {}

    public static void main(String... args) {
        Main.prepare();
        // What comes before a command and after it belongs to the start as well.
        Environment environment = Host.ofThisProcess().environment();
        Signals signals = Signals.handledBy(new Cancellation());
        Main.begin();
        int worst = 0;
        for (List<String> command : COMMANDS.getOrDefault(args[0], List.of())) {
            worst = Math.max(worst, run(command, environment));
            worst = Math.max(worst, run(command, withoutUrl(environment)));
        }
        signals.finished(worst);
        System.exit(worst);
    }

    /** The database is then where libpq's variables say. */
    private static Environment withoutUrl(Environment environment) {
        Map<String, String> variables = new HashMap<>(environment.variables());
        variables.remove("RF_DB_URL");
        return Environment.of(variables);
    }

    private static int run(List<String> command, Environment environment) {
        Host host = new Host(
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                new ByteArrayInputStream(new byte[0]),
                environment,
                Terminal.none(),
                Clock.system(ZoneOffset.UTC),
                new Cancellation());
        return new Main(host).run(command.toArray(String[]::new));
    }
}
