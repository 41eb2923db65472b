package org.researchflow.rf.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.researchflow.rf.Failure;

/**
 * What the sandbox remembers between two commands.
 *
 * @param postgresPort 0 until one is chosen
 * @param redisPort 0 until one is chosen
 * @param password of both servers, made up by the first start
 * @param redisProblem why Redis did not start, when it did not; else empty
 */
record State(int postgresPort, int redisPort, String password, String redisProblem) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static State fresh() {
        byte[] password = new byte[24];
        new SecureRandom().nextBytes(password);
        return new State(0, 0, HexFormat.of().formatHex(password), "");
    }

    static Optional<State> read(Folder folder) {
        if (!Files.exists(folder.state())) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(folder.state().toFile(), State.class));
        } catch (JsonProcessingException e) {
            throw Failure.failed("the sandbox's state file cannot be read: " + folder.state())
                    .note("try", "rf sandbox reset     (its data is lost, and the sample loaded again)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Folder folder) {
        try {
            folder.writePrivately(folder.state(), JSON.writeValueAsString(this) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    State withPostgresPort(int port) {
        return new State(port, redisPort, password, redisProblem);
    }

    State withRedisPort(int port) {
        return new State(postgresPort, port, password, redisProblem);
    }

    State withRedisProblem(String problem) {
        return new State(postgresPort, redisPort, password, problem);
    }

    /** Never the password. */
    @Override
    public String toString() {
        return "State[" + postgresPort + ", " + redisPort + "]";
    }
}
