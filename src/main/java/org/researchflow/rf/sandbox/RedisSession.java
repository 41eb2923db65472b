package org.researchflow.rf.sandbox;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;

/** A connection to the sandbox's Redis. */
final class RedisSession implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final RedisClient client;
    private final RedisCommands<String, String> commands;

    private RedisSession(RedisClient client, RedisCommands<String, String> commands) {
        this.client = client;
        this.commands = commands;
    }

    /**
     * Connects and logs in.
     *
     * @throws RedisException if there is no Redis, or none that takes the password
     */
    static RedisSession open(String host, int port, String password) {
        RedisURI uri = RedisURI.builder()
                .withHost(host)
                .withPort(port)
                .withPassword(password.toCharArray())
                .withTimeout(TIMEOUT)
                .build();
        RedisClient client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
                .build());
        try {
            return new RedisSession(client, client.connect().sync());
        } catch (RedisException e) {
            shutDown(client);
            throw e;
        }
    }

    RedisCommands<String, String> commands() {
        return commands;
    }

    @Override
    public void close() {
        shutDown(client);
    }

    /** Without the quiet period that would hold up the end of the process. */
    private static void shutDown(RedisClient client) {
        client.shutdown(Duration.ZERO, TIMEOUT);
    }
}
