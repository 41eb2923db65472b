package org.researchflow.rf.sandbox;

import io.lettuce.core.RedisException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The sandbox's Redis, which keeps nothing on disk: its configuration, and the process that may be running. */
record RedisServer(Folder folder, Binaries binaries) {

    /** As shipped. */
    static final String VERSION = "6.2";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What a Redis that is ours says of itself. */
    record Running(long pid, String version) {}

    /** Starts it, and remembers why it did not start when it did not: all but the speed layer works without it. */
    State start(State state) {
        State current = state.withRedisPort(Ports.free(state.redisPort()));
        current.write(folder);
        try {
            Files.createDirectories(folder.redisData());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kill();
        folder.writePrivately(configuration(), configuration(current));
        ChildProcess start = ChildProcess.run(
                folder.redisData(),
                List.of(binaries.redisServer().toString(), configuration().toString()));
        State started = current;
        boolean running = start.succeeded()
                && Deadline.in(PATIENCE).reached(() -> running(started).isPresent());
        State after = current.withRedisProblem(running ? "" : problem(start));
        after.write(folder);
        return after;
    }

    private static String problem(ChildProcess start) {
        return start.succeeded()
                ? "it did not answer within " + PATIENCE.toSeconds() + " s"
                : start.output().lines().reduce("", (_, line) -> line);
    }

    /** The server on the remembered port, if it is ours. */
    Optional<Running> running(State state) {
        if (state.redisPort() == 0) {
            return Optional.empty();
        }
        try (RedisSession redis = RedisSession.open(PostgresServer.HOST, state.redisPort(), state.password())) {
            String info = redis.commands().info("server");
            return value(info, "config_file").equals(configuration().toString())
                    ? Optional.of(new Running(Long.parseLong(value(info, "process_id")), value(info, "redis_version")))
                    : Optional.empty();
        } catch (RedisException e) {
            return Optional.empty();
        }
    }

    /** Returns when the process has ended. */
    void stop(State state) {
        OptionalLong pid = running(state).stream().mapToLong(Running::pid).findFirst();
        if (pid.isEmpty()) {
            kill();
            return;
        }
        try (RedisSession redis = RedisSession.open(PostgresServer.HOST, state.redisPort(), state.password())) {
            redis.commands().shutdown(false);
        } catch (RedisException e) {
            // It closes the connection instead of answering.
        }
        ServerProcess process = new ServerProcess(pid.getAsLong());
        Deadline.in(PATIENCE)
                .reached(() -> !process.runsWith(binaries.redisServer().toString()));
    }

    /** Ends the one that was started last and does not answer. It has nothing to lose, and nobody would find it again. */
    void kill() {
        Path file = pidFile();
        if (Files.exists(file)) {
            try {
                ServerProcess process =
                        new ServerProcess(Long.parseLong(Files.readString(file).strip()));
                if (process.runsWith(folder.servers().toString())) {
                    process.kill();
                }
            } catch (IOException | NumberFormatException e) {
                // It is being written, or goes with its process.
            }
        }
    }

    private Path pidFile() {
        return folder.redisData().resolve("redis.pid");
    }

    private Path configuration() {
        return folder.redisData().resolve("redis.conf");
    }

    private String configuration(State state) {
        return """
                bind %s
                port %d
                requirepass %s
                daemonize yes
                save ""
                appendonly no
                maxmemory-policy noeviction
                dir "%s"
                logfile "redis.log"
                pidfile "%s"
                """.formatted(
                        PostgresServer.HOST,
                        state.redisPort(),
                        state.password(),
                        quoted(folder.redisData()),
                        quoted(pidFile()));
    }

    private static String quoted(Path path) {
        return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String value(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }
}
