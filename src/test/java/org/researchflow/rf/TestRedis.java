package org.researchflow.rf;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.speed.RedisSettings;

/** A real Redis of a test's own, out of a Maven jar, which keeps nothing on disk; it can be killed, paused and started again. */
public final class TestRedis implements AutoCloseable {

    /** Not to be found in any output. */
    public static final String PASSWORD = "redis-canary-password";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static @Nullable Path program;

    private final int port;
    private final boolean encrypted;
    private final List<String> settings;
    private Process process;

    private TestRedis(int port, boolean encrypted, List<String> settings) {
        this.port = port;
        this.encrypted = encrypted;
        this.settings = settings;
        this.process = start();
    }

    /**
     * Starts one.
     *
     * @param settings such as {@code --maxmemory 10mb}
     */
    public static TestRedis start(String... settings) {
        return new TestRedis(freePort(), false, List.of(settings));
    }

    /**
     * Starts one that talks over TLS only.
     *
     * @param certificate for 127.0.0.1, and its key, as PEM
     */
    public static TestRedis encrypted(Path certificate, Path key) {
        String file = certificate.toString();
        return new TestRedis(
                freePort(),
                true,
                List.of(
                        "--tls-cert-file",
                        file,
                        "--tls-ca-cert-file",
                        file,
                        "--tls-key-file",
                        key.toString(),
                        "--tls-auth-clients",
                        "no"));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waited for longer than people would: a machine that runs all tests stands still now and then. */
    public RedisSettings settings(String prefix) {
        return patient(url(), prefix);
    }

    /** The same for another way to reach it. */
    public static RedisSettings patient(String url, String prefix) {
        return RedisSettings.of(url, prefix).withAnswerTimeout(Duration.ofSeconds(20));
    }

    /** Where it is, with the password. */
    public String url() {
        return (encrypted ? "rediss" : "redis") + "://:" + PASSWORD + "@127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    private Process start() {
        List<String> command = new ArrayList<>(List.of(program().toString(), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of("--port", Integer.toString(encrypted ? 0 : port)));
        if (encrypted) {
            command.addAll(List.of("--tls-port", Integer.toString(port)));
        }
        command.addAll(List.of("--requirepass", PASSWORD));
        command.addAll(settings);
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (Optional<RedisException> refusal = refusal(); refusal.isPresent(); refusal = refusal()) {
                if (!started.isAlive()) {
                    throw new IllegalStateException("Redis did not start: exit " + started.exitValue());
                }
                if (System.nanoTime() > deadline) {
                    started.destroyForcibly();
                    throw new IllegalStateException("Redis does not answer", refusal.get());
                }
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Why it does not answer; empty when it does. */
    private Optional<RedisException> refusal() {
        try {
            ask(RedisCommands::ping);
            return Optional.empty();
        } catch (RedisException e) {
            return Optional.of(e);
        }
    }

    /** Asks it something. */
    public <T> T ask(Function<RedisCommands<String, String>, T> question) {
        RedisClient client = RedisClient.create(RedisURI.builder(RedisURI.create(url()))
                .withVerifyPeer(false)
                .withTimeout(Duration.ofSeconds(5))
                .build());
        try {
            return question.apply(client.connect().sync());
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** On the same port, and empty. */
    public void startAgain() {
        process = start();
    }

    /** Takes connections, and answers nothing. */
    public void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    public void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }

    private static synchronized Path program() {
        if (program == null) {
            program = unpacked();
        }
        return program;
    }

    private static Path unpacked() {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        boolean arm = System.getProperty("os.arch").contains("64")
                && !System.getProperty("os.arch").contains("86")
                && !System.getProperty("os.arch").equals("amd64");
        String name = mac ? "6.2.6-v5-darwin-arm64" : arm ? "6.2.7-linux-arm64" : "6.2.6-v5-linux-amd64";
        try (InputStream packed =
                Objects.requireNonNull(TestRedis.class.getResourceAsStream("/redis-server-" + name), name)) {
            Path file = Files.createTempFile("rf-redis-server", "");
            file.toFile().deleteOnExit();
            Files.write(file, packed.readAllBytes());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
