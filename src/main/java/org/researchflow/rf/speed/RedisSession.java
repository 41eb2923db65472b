package org.researchflow.rf.speed;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisReactiveCommandsImpl;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.PushHandler;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One connection to Redis, which is not renewed when it is lost: what was begun on it is then begun again. */
final class RedisSession implements RedisConnection {

    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final Client client;
    private final StatefulRedisConnection<String, String> connection;
    private final Duration timeout;

    private RedisSession(Client client, StatefulRedisConnection<String, String> connection, Duration timeout) {
        this.client = client;
        this.connection = connection;
        this.timeout = timeout;
    }

    /**
     * Connects and logs in.
     *
     * @param timeout for each answer
     * @throws RedisException if there is no Redis, or none that lets us in
     */
    static RedisSession open(RedisSettings settings, Duration timeout) {
        RedisURI uri = settings.uri();
        uri.setTimeout(timeout);
        Client client = new Client(uri);
        SslOptions.Builder trust = SslOptions.builder();
        settings.authorities().ifPresent(file -> trust.trustManager(file.toFile()));
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .sslOptions(trust.build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.connectTimeout())
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .build());
        long began = System.nanoTime();
        try {
            return new RedisSession(client, client.connect(), timeout);
        } catch (RedisException e) {
            client.end();
            // Lettuce closes a connection that takes too long, and may then say no more than that it was closed.
            throw RedisError.isClosed(e) && System.nanoTime() - began > timeout.toNanos() ? late() : e;
        }
    }

    RedisAsyncCommands<String, String> commands() {
        return connection.async();
    }

    @Override
    public List<Object> eval(String script, List<String> keys, List<String> arguments) {
        return get(commands()
                .dispatch(
                        CommandType.EVAL,
                        new RawAnswer(),
                        new CommandArgs<>(StringCodec.UTF8)
                                .add(script)
                                .add(keys.size())
                                .addKeys(keys)
                                .addValues(arguments)));
    }

    @Override
    public List<List<@Nullable String>> fields(List<String> hashes, List<String> fields) {
        String[] names = fields.toArray(String[]::new);
        List<RedisFuture<List<KeyValue<String, String>>>> answers = new ArrayList<>();
        for (String hash : hashes) {
            answers.add(commands().hmget(hash, names));
        }
        List<List<@Nullable String>> all = new ArrayList<>();
        for (RedisFuture<List<KeyValue<String, String>>> answer : answers) {
            List<@Nullable String> values = new ArrayList<>();
            for (KeyValue<String, String> field : get(answer)) {
                values.add(field.getValueOrElse(null));
            }
            all.add(values);
        }
        return all;
    }

    /** Sends nothing until {@link #flush}: many commands then travel together. */
    void hold() {
        connection.setAutoFlushCommands(false);
    }

    void flush() {
        connection.flushCommands();
        connection.setAutoFlushCommands(true);
    }

    /**
     * The answer.
     *
     * @throws RedisException if it is an error, or none within the time
     */
    <T extends @Nullable Object> T get(RedisFuture<T> answer) {
        return await(() -> answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * What another thread finds out of Redis.
     *
     * @throws RedisException if that is an error, or does not come in time
     */
    static <T extends @Nullable Object> T await(Awaited<T> awaited) {
        try {
            return awaited.get();
        } catch (TimeoutException _) {
            throw late();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisException error) {
                throw error;
            }
            throw new RedisException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted", e);
        }
    }

    private static RedisException late() {
        return new RedisCommandTimeoutException("no answer in time");
    }

    /** The end of another thread's work. */
    @FunctionalInterface
    interface Awaited<T extends @Nullable Object> {
        T get() throws TimeoutException, ExecutionException, InterruptedException;
    }

    @Override
    public void close() {
        client.end();
    }

    /**
     * Lettuce without what nobody here uses and what takes 100 ms to make: two of its three interfaces, latencies that
     * nobody looks at, a resolver of names beside that of Java.
     */
    private static final class Client extends RedisClient {

        private final ClientResources resources;

        Client(RedisURI uri) {
            this(
                    uri,
                    ClientResources.builder()
                            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
                            .build());
        }

        private Client(RedisURI uri, ClientResources resources) {
            super(resources, uri);
            this.resources = resources;
        }

        /** Without the quiet period that would hold up the end of the process. */
        void end() {
            shutdown(Duration.ZERO, LONGEST_END);
            resources.shutdown(0, LONGEST_END.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
        }

        @Override
        protected <K, V> StatefulRedisConnectionImpl<K, V> newStatefulRedisConnection(
                RedisChannelWriter writer, PushHandler pushes, RedisCodec<K, V> codec, Duration timeout) {
            return new Connection<>(writer, pushes, codec, timeout);
        }
    }

    private static final class Connection<K, V> extends StatefulRedisConnectionImpl<K, V> {
        Connection(RedisChannelWriter writer, PushHandler pushes, RedisCodec<K, V> codec, Duration timeout) {
            super(writer, pushes, codec, timeout);
        }

        @Override
        protected @Nullable RedisCommands<K, V> newRedisSyncCommandsImpl() {
            return null;
        }

        @Override
        protected @Nullable RedisReactiveCommandsImpl<K, V> newRedisReactiveCommandsImpl() {
            return null;
        }
    }
}
