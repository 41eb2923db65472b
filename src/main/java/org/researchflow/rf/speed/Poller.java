package org.researchflow.rf.speed;

import io.lettuce.core.RedisException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.Database;

/**
 * Takes changes from the database to Redis, a round at a time. Its position is the coverage that Redis holds: it
 * remembers nothing itself, so that a poller that was killed, or another one, goes on where the last round ended.
 */
public final class Poller implements AutoCloseable {

    /** Whether all entries are still there is looked at so often. */
    private static final Duration INSPECTION = Duration.ofMinutes(1);

    private final Database database;
    private final SourceSettings settings;
    private final RedisSettings redis;
    private final Retention retention;
    private final Optional<Duration> lease;
    private final boolean brief;
    private final String name = UUID.randomUUID().toString();
    private final RowMaker rowMaker = new RowMaker();
    private @Nullable Connection connection;
    private @Nullable RedisStore store;
    private long inspected;
    private boolean uninspected = true;

    private Poller(
            Database database,
            SourceSettings settings,
            RedisSettings redis,
            Retention retention,
            Optional<Duration> lease,
            boolean brief) {
        this.database = database;
        this.settings = settings;
        this.redis = redis;
        this.retention = retention;
        this.lease = lease;
        this.brief = brief;
    }

    /** A poller that writes whoever else polls. */
    public static Poller once(Database database, SourceSettings settings, RedisSettings redis, Retention retention) {
        return new Poller(database, settings, redis, retention, Optional.empty(), false);
    }

    /**
     * A poller that others leave the work to, and that leaves it to another one that was there first.
     *
     * @param lease for how long after each round
     */
    public static Poller service(
            Database database, SourceSettings settings, RedisSettings redis, Retention retention, Duration lease) {
        return new Poller(database, settings, redis, retention, Optional.of(lease), false);
    }

    /** A poller for a short step on the way of something else: it only goes on where others have begun. */
    public static Poller catchingUp(
            Database database, SourceSettings settings, RedisSettings redis, Retention retention) {
        return new Poller(database, settings, redis, retention, Optional.empty(), true);
    }

    /**
     * Does a round.
     *
     * @throws Failure if the database or Redis cannot be used; the next round connects anew
     */
    public Round poll() {
        boolean done = false;
        try {
            Round round = attempt(Optional.empty());
            done = true;
            return round;
        } catch (RedisException e) {
            throw RedisError.failure(redis, e);
        } catch (SQLException e) {
            throw database.failure(e);
        } finally {
            if (!done) {
                disconnect();
            }
        }
    }

    private Round attempt(Optional<String> lost) throws SQLException {
        RedisStore there = store();
        Connection source = connection();
        SourceSettings here = settings.on(source);
        Map<String, String> hash = there.watchCoverage();
        Instant now = there.now();
        Situation situation = new Situation(hash, now, here.ofResources());
        Optional<String> inTheWay = situation.inTheWay(name, lease.isPresent());
        if (inTheWay.isPresent() || (brief && situation.coverage().isEmpty())) {
            there.unwatch();
            return new Round.StoodBy(inTheWay.orElse("nothing polls"));
        }
        boolean inspect = uninspected || System.nanoTime() - inspected > INSPECTION.toNanos();
        PollRound round = new PollRound(
                new PollRound.Place(database, here, source, there, rowMaker),
                retention,
                situation,
                name + "/" + UUID.randomUUID(),
                lease.map(time -> new StoredCoverage.Holder(name, now.plus(time)))
                        .or(() -> situation.coverage().flatMap(StoredCoverage::holder)));
        try {
            Round done = round.run(inspect && !brief, lost);
            if (inspect) {
                uninspected = false;
                inspected = System.nanoTime();
            }
            return done;
        } catch (RoundWriter.Overtaken e) {
            return new Round.StoodBy("another poller wrote at the same moment");
        } catch (RoundWriter.Lost e) {
            if (lost.isPresent()) {
                return new Round.StoodBy("Redis loses changes while they are written");
            }
            return attempt(Optional.of("Redis lost changes during the round"));
        }
    }

    private RedisStore store() {
        RedisStore current = store;
        if (current == null) {
            current = brief ? RedisStore.openBriefly(redis) : RedisStore.open(redis);
            store = current;
        }
        return current;
    }

    private Connection connection() {
        Connection current = connection;
        if (current == null) {
            current = database.connect();
            connection = current;
        }
        return current;
    }

    /** Why Redis may throw changes away, if it may and tells. */
    public Optional<String> warning() {
        try {
            return store().eviction();
        } catch (RedisException _) {
            // The next round says what is wrong with it.
            disconnect();
            return Optional.empty();
        }
    }

    /** What Redis tells of itself; empty when it does not answer. */
    public Optional<RedisFigures> figures() {
        try {
            return Optional.of(store().figures());
        } catch (RedisException _) {
            disconnect();
            return Optional.empty();
        }
    }

    private void disconnect() {
        RedisStore open = store;
        store = null;
        if (open != null) {
            open.close();
        }
        Connection source = connection;
        connection = null;
        if (source != null) {
            try {
                source.close();
            } catch (SQLException _) {
                // It is gone already.
            }
        }
    }

    /** Leaves the work to others. */
    @Override
    public void close() {
        RedisStore open = store;
        if (open != null && lease.isPresent()) {
            try {
                open.release(name);
            } catch (RedisException _) {
                // Others wait until the lease has ended.
            }
        }
        disconnect();
    }
}
