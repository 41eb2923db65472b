package org.researchflow.rf.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.researchflow.rf.config.ConfigKey;

/**
 * What a command of the user's is told when something failed, in environment variables.
 *
 * @param command what was run, such as {@code refresh-all}
 * @param code how it ended
 * @param views those that failed or are stale; none when the failure is not about single views
 * @param error the first failure in words
 */
record Alert(String command, ExitCode code, List<String> views, String error) {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** They may hold a password, and who alerts people does not need one. */
    private static final Set<String> SECRET = Stream.concat(
                    ConfigKey.all().stream()
                            .filter(key ->
                                    key.isSecret() || key == ConfigKey.DATABASE_URL || key == ConfigKey.REDIS_URL)
                            .flatMap(key -> Stream.concat(key.ownVariables().stream(), key.otherVariables().stream())),
                    Stream.of("PGSERVICE"))
            .collect(Collectors.toUnmodifiableSet());

    Alert {
        views = List.copyOf(views);
    }

    /** Runs the user's command by the shell. Its own failure is a warning: it must not hide the first one. */
    void raise(String shellCommand, Invocation rf) {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", shellCommand)
                // Standard output is the answer's.
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(rf.environment().variables());
        environment.keySet().removeAll(SECRET);
        environment.put("RF_COMMAND", command);
        environment.put("RF_EXIT_CODE", Integer.toString(code.number()));
        environment.put("RF_FAILED_VIEWS", String.join(" ", views));
        environment.put("RF_ERROR", error.lines().findFirst().orElse(""));
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                rf.messages().warning("the command of --on-failure was stopped after " + LONGEST.toSeconds() + " s");
            } else if (process.exitValue() != 0) {
                rf.messages().warning("the command of --on-failure ended with " + process.exitValue());
            }
        } catch (IOException e) {
            rf.messages().warning("the command of --on-failure could not be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
