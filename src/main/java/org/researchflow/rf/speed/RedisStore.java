package org.researchflow.rf.speed;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.source.ResourceStates;

/** The store of changes in Redis, as whoever fills, empties or looks over it has it. One connection, one user at a time. */
final class RedisStore implements AutoCloseable {

    /** Commands that travel together. */
    static final int BATCH = 1_000;

    /** Looking over a store, or writing a batch, takes longer than a reader may wait. */
    private static final int PATIENCE = 10;

    private final RedisSettings settings;
    private final Keys keys;
    private final RedisSession redis;

    private RedisStore(RedisSettings settings, RedisSession redis) {
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
        this.redis = redis;
    }

    /**
     * Connects.
     *
     * @throws RedisException if there is no Redis, or none that lets us in
     */
    static RedisStore open(RedisSettings settings) {
        return new RedisStore(
                settings, RedisSession.open(settings, settings.answerTimeout().multipliedBy(PATIENCE)));
    }

    /** For a short step on the way of something else. */
    static RedisStore openBriefly(RedisSettings settings) {
        return new RedisStore(settings, RedisSession.open(settings, settings.answerTimeout()));
    }

    Keys keys() {
        return keys;
    }

    RedisSession session() {
        return redis;
    }

    RedisSettings settings() {
        return settings;
    }

    /** What stands in the place of the coverage, from now on watched: a round that it changes under is not written. */
    Map<String, String> watchCoverage() {
        redis.get(redis.commands().watch(keys.coverage()));
        return coverage();
    }

    Map<String, String> coverage() {
        return redis.get(redis.commands().hgetall(keys.coverage()));
    }

    void unwatch() {
        redis.get(redis.commands().unwatch());
    }

    /** Redis' own clock, which decides what expires. */
    Instant now() {
        List<String> time = redis.get(redis.commands().time());
        return Instant.ofEpochSecond(Long.parseLong(time.get(0)), Long.parseLong(time.get(1)) * 1_000)
                .truncatedTo(ChronoUnit.MILLIS);
    }

    /** The first type of which Redis no longer holds as many changes as the coverage says. */
    Optional<String> shrunk(StoredCoverage coverage) {
        Map<String, RedisFuture<Long>> answers = new LinkedHashMap<>();
        coverage.counts()
                .forEach((type, _) -> answers.put(type, redis.commands().zcard(keys.recent(type))));
        for (Map.Entry<String, RedisFuture<Long>> answer : answers.entrySet()) {
            if (!redis.get(answer.getValue()).equals(coverage.counts().get(answer.getKey()))) {
                return Optional.of(answer.getKey());
            }
        }
        return Optional.empty();
    }

    /** Whether all changes of a type that are older than that transaction have their entries. */
    boolean isWhole(String resourceType, long from, long to) {
        Range<Double> range =
                Range.from(Range.Boundary.including(Score.of(from)), Range.Boundary.excluding(Score.of(to)));
        long offset = 0;
        while (true) {
            List<String> members = redis.get(
                    redis.commands().zrangebyscore(keys.recent(resourceType), range, Limit.create(offset, BATCH)));
            if (members.isEmpty()) {
                return true;
            }
            String[] entries = members.stream()
                    .map(member -> keys.entry(resourceType, member))
                    .toArray(String[]::new);
            if (redis.get(redis.commands().exists(entries)) != entries.length) {
                return false;
            }
            offset += members.size();
        }
    }

    /** The changes of a type that are not older than a transaction, each with one that is not older than its own. */
    Map<String, Long> members(String resourceType, long from, int most) {
        Range<Double> range = Range.from(Range.Boundary.including(Score.of(from)), Range.Boundary.unbounded());
        Map<String, Long> members = new HashMap<>();
        redis.get(redis.commands().zrangebyscoreWithScores(keys.recent(resourceType), range, Limit.create(0, most)))
                .forEach(member -> members.put(member.getValue(), Score.latest(member.getScore())));
        return members;
    }

    /** How many changes of a type are not older than that transaction. */
    long count(String resourceType, long from) {
        return redis.get(redis.commands()
                .zcount(
                        keys.recent(resourceType),
                        Range.from(Range.Boundary.including(Score.of(from)), Range.Boundary.unbounded())));
    }

    /** Which of these versions are in the store already; their entries are kept for that long again. */
    List<Boolean> renew(String resourceType, List<ResourceStates.Identity> versions, Duration kept) {
        List<RedisFuture<Double>> scores = new ArrayList<>();
        List<RedisFuture<Boolean>> renewals = new ArrayList<>();
        redis.hold();
        for (ResourceStates.Identity version : versions) {
            scores.add(redis.commands().zscore(keys.recent(resourceType), version.key()));
            renewals.add(redis.commands().pexpire(keys.entry(resourceType, version.key()), kept.toMillis()));
        }
        redis.flush();
        List<Boolean> known = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            @Nullable Double score = redis.get(scores.get(i));
            boolean there = redis.get(renewals.get(i));
            known.add(there
                    && score != null
                    && Score.isExact(score)
                    && score == Score.of(versions.get(i).transaction()));
        }
        return known;
    }

    /** A service gives up what it held. */
    void release(String poller) {
        if (poller.equals(watchCoverage().get("holder"))) {
            redis.hold();
            List<RedisFuture<?>> sent = List.of(
                    redis.commands().multi(),
                    redis.commands().hdel(keys.coverage(), "holder", "held_until"),
                    redis.commands().exec());
            redis.flush();
            sent.forEach(redis::get);
        } else {
            unwatch();
        }
    }

    /** The value of a line of Redis' {@code INFO}; empty where it has no such line. */
    Optional<String> info(String section, String name) {
        return Optional.ofNullable(
                lines(redis.get(redis.commands().info(section))).get(name));
    }

    RedisFigures figures() {
        return RedisFigures.of(lines(redis.get(redis.commands().info())));
    }

    private static Map<String, String> lines(String info) {
        return info.lines()
                .map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip(), (one, _) -> one));
    }

    /** Why Redis may throw changes away, if it may. */
    Optional<String> eviction() {
        Optional<String> policy = info("memory", "maxmemory_policy").filter(name -> !name.equals("noeviction"));
        boolean limited =
                info("memory", "maxmemory").filter(limit -> !limit.equals("0")).isPresent();
        return limited
                ? policy.map(name -> "Redis evicts keys when its memory is full (maxmemory-policy " + name
                        + "): what it evicts is not covered any more")
                : Optional.empty();
    }

    /** Forgets what the coverage promises, first, and then the entries of which it tells. */
    long flush() {
        Optional<StoredCoverage> coverage = StoredCoverage.parse(coverage());
        long removed = redis.get(redis.commands().del(keys.coverage()));
        for (String type : coverage.map(known -> known.counts().keySet()).orElse(Set.of())) {
            removed += removeEntries(type) + redis.get(redis.commands().unlink(keys.recent(type)));
        }
        for (KeptRows view : coverage.map(StoredCoverage::rows).orElse(Set.of())) {
            removed += redis.get(redis.commands().unlink(keys.rows(view)));
        }
        return removed;
    }

    private long removeEntries(String type) {
        long removed = 0;
        while (true) {
            List<ScoredValue<String>> members = redis.get(redis.commands().zpopmin(keys.recent(type), BATCH));
            if (members.isEmpty()) {
                return removed;
            }
            removed += redis.get(redis.commands()
                    .unlink(members.stream()
                            .map(member -> keys.entry(type, member.getValue()))
                            .toArray(String[]::new)));
        }
    }

    /** Removes all that rf may have written under the prefix. */
    long purge() {
        long removed = redis.get(redis.commands().del(keys.coverage()));
        ScanArgs pattern = ScanArgs.Builder.matches(keys.all()).limit(BATCH);
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            KeyScanCursor<String> found = redis.get(redis.commands().scan(cursor, pattern));
            if (!found.getKeys().isEmpty()) {
                removed += redis.get(redis.commands().unlink(found.getKeys().toArray(String[]::new)));
            }
            cursor = found;
        } while (!cursor.isFinished());
        return removed;
    }

    @Override
    public void close() {
        redis.close();
    }
}
