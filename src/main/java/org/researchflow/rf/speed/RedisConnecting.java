package org.researchflow.rf.speed;

import io.lettuce.core.RedisException;
import java.util.concurrent.FutureTask;

/** A connection to Redis that is opened while something else is done; who needs it waits for it. */
public final class RedisConnecting implements AutoCloseable {

    private final FutureTask<RedisSession> opening;

    private RedisConnecting(FutureTask<RedisSession> opening) {
        this.opening = opening;
    }

    /** Begins at once. That it cannot be opened is said to who waits for it. */
    public static RedisConnecting begin(RedisSettings settings) {
        FutureTask<RedisSession> opening =
                new FutureTask<>(() -> RedisSession.open(settings, settings.answerTimeout()));
        Thread.ofPlatform().daemon().name("rf-redis").start(opening);
        return new RedisConnecting(opening);
    }

    /**
     * The connection, which is closed by who takes it.
     *
     * @throws RedisException if there is no Redis, or none that lets us in
     */
    RedisSession session() {
        return RedisSession.await(opening::get);
    }

    /** For one that nobody took. */
    @Override
    public void close() {
        try {
            session().close();
        } catch (RedisException _) {
            // Nobody asked, and nothing is open.
        }
    }
}
