package org.researchflow.rf.speed;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.researchflow.rf.Failure;

/**
 * What the store of the speed layer holds.
 *
 * @param place of Redis
 * @param redisVersion as it says
 * @param memoryBytes that Redis uses for all that it holds
 * @param coverage what the changes are complete for; empty where they are complete for nothing
 * @param why there is no coverage, or what is wrong with it
 * @param written when the last round was written, by Redis' clock
 * @param age of the last round
 * @param polled whether a service polls
 * @param types what is kept of each type
 * @param eviction why Redis may throw changes away, if it may
 */
public record SpeedStatus(
        String place,
        String redisVersion,
        long memoryBytes,
        Optional<Coverage> coverage,
        Optional<String> why,
        Optional<Instant> written,
        Optional<Duration> age,
        boolean polled,
        List<Type> types,
        Optional<String> eviction) {

    /**
     * What is kept of one type.
     *
     * @param from the oldest transaction of which nothing is missing
     * @param changes how many resources
     */
    public record Type(String name, long from, long changes) {}

    public SpeedStatus {
        types = List.copyOf(types);
    }

    /**
     * Looks at it.
     *
     * @throws Failure if Redis cannot be used
     */
    public static SpeedStatus read(RedisSettings settings) {
        return read(settings, RedisStore::open);
    }

    /**
     * The same, where nobody waits long for a Redis that does not answer.
     *
     * @throws Failure if Redis cannot be used
     */
    public static SpeedStatus readBriefly(RedisSettings settings) {
        return read(settings, RedisStore::openBriefly);
    }

    private static SpeedStatus read(RedisSettings settings, Function<RedisSettings, RedisStore> opening) {
        try (RedisStore store = opening.apply(settings)) {
            Map<String, String> hash = store.coverage();
            Optional<StoredCoverage> stored = StoredCoverage.parse(hash);
            Instant now = store.now();
            Optional<String> why = why(store, hash, stored);
            return new SpeedStatus(
                    settings.place(),
                    store.info("server", "redis_version").orElse("?"),
                    store.info("memory", "used_memory").map(Long::parseLong).orElse(0L),
                    stored.filter(_ -> why.isEmpty())
                            .map(found -> new Coverage(latest(found), found.to(), found.asOf(), found.origin())),
                    why,
                    stored.map(StoredCoverage::written),
                    stored.map(found -> Duration.between(found.written(), now)),
                    stored.flatMap(StoredCoverage::holder)
                            .filter(holder -> holder.until().isAfter(now))
                            .isPresent(),
                    stored.map(SpeedStatus::types).orElse(List.of()),
                    store.eviction());
        } catch (RedisException e) {
            throw RedisError.failure(settings, e);
        }
    }

    private static Optional<String> why(RedisStore store, Map<String, String> hash, Optional<StoredCoverage> stored) {
        if (hash.isEmpty()) {
            return Optional.of("Redis was emptied, or nothing has polled yet");
        }
        if (hash.containsKey(StoredCoverage.FILLING)) {
            return Optional.of("it is being filled");
        }
        if (stored.isEmpty()) {
            return Optional.of("another version of rf polls into this Redis");
        }
        return store.shrunk(stored.get()).map(type -> "Redis has lost changes of " + type);
    }

    private static long latest(StoredCoverage coverage) {
        return coverage.counts().keySet().stream()
                .map(coverage::from)
                .max(Comparator.comparing(Long::longValue, Long::compareUnsigned))
                .orElse(coverage.from());
    }

    private static List<Type> types(StoredCoverage coverage) {
        List<Type> types = new ArrayList<>();
        new TreeMap<>(coverage.counts())
                .forEach((name, count) -> types.add(new Type(name, coverage.from(name), count)));
        return types;
    }

    /** Forgets all changes, and what they are complete for; returns how many keys went. */
    public static long flush(RedisSettings settings) {
        try (RedisStore store = RedisStore.open(settings)) {
            return store.flush();
        } catch (RedisException e) {
            throw RedisError.failure(settings, e);
        }
    }

    /** Removes everything under the prefix; returns how many keys went. */
    public static long purge(RedisSettings settings) {
        try (RedisStore store = RedisStore.open(settings)) {
            return store.purge();
        } catch (RedisException e) {
            throw RedisError.failure(settings, e);
        }
    }
}
