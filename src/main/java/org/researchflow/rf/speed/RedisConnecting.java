package org.researchflow.rf.speed;

import io.lettuce.core.RedisException;
import java.util.Optional;
import java.util.concurrent.FutureTask;

/** A connection to Redis that is opened while something else is done; who needs it waits for it. */
public final class RedisConnecting implements AutoCloseable {

    private final FutureTask<RedisConnection> opening;

    private RedisConnecting(FutureTask<RedisConnection> opening) {
        this.opening = opening;
    }

    /** Begins at once. That it cannot be opened is said to who waits for it. */
    public static RedisConnecting begin(RedisSettings settings) {
        FutureTask<RedisConnection> opening = new FutureTask<>(() -> open(settings));
        Thread.ofPlatform().daemon().name("rf-redis").start(opening);
        return new RedisConnecting(opening);
    }

    // With TLS, or where Redis has to be looked for first, there is no simple way.
    private static RedisConnection open(RedisSettings settings) {
        Optional<RedisSettings.Place> place = settings.plain();
        return place.isPresent()
                ? PlainRedis.open(settings, place.get())
                : RedisSession.open(settings, settings.answerTimeout());
    }

    /**
     * The connection, which is closed by who takes it.
     *
     * @throws RedisException if there is no Redis, or none that lets us in
     */
    RedisConnection connection() {
        return RedisSession.await(opening::get);
    }

    /** For one that nobody took. */
    @Override
    public void close() {
        try {
            connection().close();
        } catch (RedisException _) {
            // Nobody asked, and nothing is open.
        }
    }
}
