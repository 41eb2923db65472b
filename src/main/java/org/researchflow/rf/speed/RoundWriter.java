package org.researchflow.rf.speed;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.source.ResourceState;

/**
 * The changes of one round on their way into the store: all in one transaction of Redis, under the watch of the coverage
 * that the round began with. A round that is too large for that is announced: the store covers nothing until all of it is
 * there.
 */
final class RoundWriter {

    /** More than this does not fit into one transaction. */
    private static final int MOST_CHANGES = 10_000;

    private static final long MOST_BYTES = 32L << 20;

    /** Who has announced a round and writes nothing for so long has left it. */
    private static final Duration FILLING = Duration.ofMinutes(1);

    // A set from which something was lost since the round began must not be counted as if it were whole.
    private static final String CHECK = """
            for i = 2, #KEYS do
              if redis.call('ZCARD', KEYS[i]) ~= tonumber(redis.call('HGET', KEYS[1], ARGV[i - 1])) then
                redis.call('DEL', KEYS[1])
                redis.call('HSET', KEYS[1], 'lost', ARGV[i - 1])
                return
              end
            end
            """;

    // Rows go with the changes that they were made of.
    private static final String TRIM = """
            local bound = '(' .. ARGV[1]
            if #KEYS > 1 then
              local gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', bound)
              for first = 1, #gone, 1000 do
                for i = 2, #KEYS do
                  redis.call('HDEL', KEYS[i], unpack(gone, first, math.min(first + 999, #gone)))
                end
              end
            end
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', bound)
            """;

    private static final String END = """
            if redis.call('HEXISTS', KEYS[1], 'lost') == 1 then
              redis.call('DEL', KEYS[1])
              return 'lost'
            end
            redis.call('DEL', KEYS[1])
            for i = 2, #KEYS do
              redis.call('HSET', KEYS[1], ARGV[i], redis.call('ZCARD', KEYS[i]))
            end
            for i = #KEYS + 1, #ARGV, 2 do
              redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return 'ok'
            """;

    private final RedisStore store;
    private final Keys keys;
    private final RedisSession redis;
    private final Retention retention;
    private final Instant now;
    private final String round;
    private final Map<String, Long> counted;
    private final Set<KeptRows> maintained;
    private final Set<KeptRows> wanted;
    private final Set<String> types = new TreeSet<>();
    private final Set<String> begun = new HashSet<>();
    private final List<Written> waiting = new ArrayList<>();
    private long bytes;
    private boolean filling;
    private boolean rowsBegun;

    /**
     * Begins, under the watch of the coverage.
     *
     * @param round its name
     * @param before what the store covers; empty when nothing of it is to be kept
     * @param wanted the views whose rows are to be kept
     * @param now by Redis' clock
     */
    RoundWriter(
            RedisStore store,
            Retention retention,
            String round,
            Optional<StoredCoverage> before,
            Set<KeptRows> wanted,
            Instant now) {
        this.store = store;
        this.keys = store.keys();
        this.redis = store.session();
        this.retention = retention;
        this.round = round;
        this.counted = before.map(StoredCoverage::counts).orElse(Map.of());
        this.maintained = before.map(StoredCoverage::rows).orElse(Set.of());
        this.wanted = Set.copyOf(wanted);
        this.now = now;
        types.addAll(counted.keySet());
    }

    /** Another poller was there first. */
    static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Redis has lost changes since the round began. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A change, and the rows of those views that they could be made for. */
    private record Written(ResourceState change, Map<KeptRows, byte[]> rows) {
        long size() {
            return change.size()
                    + rows.values().stream().mapToLong(packed -> packed.length).sum();
        }
    }

    void add(ResourceState change, Map<KeptRows, byte[]> rows) {
        Written written = new Written(change, rows);
        waiting.add(written);
        types.add(change.resourceType());
        bytes += written.size();
        if (waiting.size() >= MOST_CHANGES || bytes >= MOST_BYTES) {
            announce();
            transact(commands -> {
                List<RedisFuture<?>> sent = writeWaiting(commands);
                sent.add(commands.pexpire(keys.coverage(), FILLING.toMillis()));
                return sent;
            });
            watchAnnouncement();
        }
    }

    /** From now on nobody takes the store for covered. */
    private void announce() {
        if (!filling) {
            filling = true;
            transact(commands -> List.of(
                    commands.del(keys.coverage()),
                    commands.hset(keys.coverage(), StoredCoverage.FILLING, round),
                    commands.pexpire(keys.coverage(), FILLING.toMillis())));
            watchAnnouncement();
        }
    }

    /** Writes what is left, and what all of it is complete for. */
    void finish(StoredCoverage coverage) {
        List<RedisFuture<String>> verdict = new ArrayList<>();
        transact(commands -> {
            List<RedisFuture<?>> sent = new ArrayList<>();
            if (!filling && !counted.isEmpty()) {
                Set<String> known = new TreeSet<>(counted.keySet());
                sent.add(commands.eval(
                        CHECK,
                        ScriptOutputType.STATUS,
                        names(known),
                        counts(known).toArray(String[]::new)));
            }
            sent.addAll(writeWaiting(commands));
            sent.addAll(trim(commands, coverage));
            verdict.add(commands.eval(END, ScriptOutputType.VALUE, names(types), ending(coverage)));
            sent.addAll(verdict);
            return sent;
        });
        if (!"ok".equals(redis.get(verdict.getFirst()))) {
            throw new Lost();
        }
    }

    private List<RedisFuture<?>> writeWaiting(RedisAsyncCommands<String, String> commands) {
        List<RedisFuture<?>> sent = new ArrayList<>();
        for (String type : types) {
            if (!counted.containsKey(type) && begun.add(type)) {
                sent.add(commands.del(keys.recent(type)));
            }
        }
        if (!rowsBegun) {
            rowsBegun = true;
            sent.addAll(beginRows(commands));
        }
        for (Written written : waiting) {
            ResourceState change = written.change();
            String entry = keys.entry(change.resourceType(), change.key());
            sent.add(commands.del(entry));
            sent.add(commands.hset(entry, fields(change)));
            sent.add(commands.pexpire(entry, retention.of(change.resourceType()).toMillis()));
            sent.add(commands.zadd(keys.recent(change.resourceType()), Score.of(change.transaction()), change.key()));
            sent.addAll(writeRows(commands, written));
        }
        for (KeptRows view : wanted) {
            sent.add(commands.pexpire(
                    keys.rows(view), retention.of(view.resourceType()).toMillis()));
        }
        waiting.clear();
        bytes = 0;
        return sent;
    }

    /** What was not kept in step with the changes until now is not kept at all. */
    private List<RedisFuture<?>> beginRows(RedisAsyncCommands<String, String> commands) {
        Set<KeptRows> doubtful = new HashSet<>(maintained);
        doubtful.addAll(wanted);
        doubtful.removeIf(
                view -> maintained.contains(view) && wanted.contains(view) && counted.containsKey(view.resourceType()));
        List<RedisFuture<?>> sent = new ArrayList<>();
        doubtful.forEach(view -> sent.add(commands.unlink(keys.rows(view))));
        return sent;
    }

    /** Rows of an earlier version go, whether there are newer ones or not. */
    private List<RedisFuture<?>> writeRows(RedisAsyncCommands<String, String> commands, Written written) {
        List<RedisFuture<?>> sent = new ArrayList<>();
        String key = written.change().key();
        for (KeptRows view : wanted) {
            if (view.resourceType().equals(written.change().resourceType())) {
                byte @Nullable [] rows = written.rows().get(view);
                sent.add(
                        rows == null
                                ? commands.hdel(keys.rows(view), key)
                                : commands.dispatch(
                                        CommandType.HSET,
                                        new IntegerOutput<>(StringCodec.UTF8),
                                        new CommandArgs<>(StringCodec.UTF8)
                                                .addKey(keys.rows(view))
                                                .addKey(key)
                                                .add(rows)));
            }
        }
        return sent;
    }

    private Map<String, String> fields(ResourceState change) {
        Map<String, String> fields = new HashMap<>();
        fields.put("resource_type", change.resourceType());
        fields.put("version", change.version());
        fields.put("cached_at", now.toString());
        switch (change.body()) {
            case ResourceState.Body.Json(String text) -> {
                fields.put("resource", text);
                fields.put("deleted", "false");
            }
            case ResourceState.Body.Deleted _ -> fields.put("deleted", "true");
            case ResourceState.Body.Unreadable(var obstacle) -> {
                fields.put("deleted", "false");
                fields.put("problem", obstacle.inWords());
            }
        }
        return fields;
    }

    private List<RedisFuture<?>> trim(RedisAsyncCommands<String, String> commands, StoredCoverage coverage) {
        List<RedisFuture<?>> sent = new ArrayList<>();
        for (String type : types) {
            List<String> names = new ArrayList<>(List.of(keys.recent(type)));
            for (KeptRows view : wanted) {
                if (view.resourceType().equals(type)) {
                    names.add(keys.rows(view));
                }
            }
            sent.add(commands.eval(
                    TRIM, ScriptOutputType.STATUS, names.toArray(String[]::new), Score.text(coverage.from(type))));
            sent.add(commands.pexpire(keys.recent(type), lifetime()));
        }
        return sent;
    }

    /** Longer than that of any change: what nobody polls into any more goes by itself. */
    private long lifetime() {
        return retention.longest().multipliedBy(2).toMillis();
    }

    private String[] ending(StoredCoverage coverage) {
        List<String> arguments = new ArrayList<>();
        arguments.add(Long.toString(lifetime()));
        arguments.addAll(counts(types));
        coverage.hash().forEach((field, value) -> arguments.addAll(List.of(field, value)));
        return arguments.toArray(String[]::new);
    }

    private String[] names(Set<String> resourceTypes) {
        List<String> names = new ArrayList<>(List.of(keys.coverage()));
        resourceTypes.forEach(type -> names.add(keys.recent(type)));
        return names.toArray(String[]::new);
    }

    private static List<String> counts(Set<String> resourceTypes) {
        return resourceTypes.stream().map(type -> StoredCoverage.COUNT + type).toList();
    }

    private interface Step {
        List<? extends RedisFuture<?>> send(RedisAsyncCommands<String, String> commands);
    }

    /** All or nothing, and nothing if the coverage is no longer what it was when it was last looked at. */
    private void transact(Step step) {
        redis.hold();
        RedisAsyncCommands<String, String> commands = redis.commands();
        RedisFuture<String> begin = commands.multi();
        List<? extends RedisFuture<?>> sent = step.send(commands);
        RedisFuture<TransactionResult> execution = commands.exec();
        redis.flush();
        redis.get(begin);
        if (redis.get(execution).wasDiscarded()) {
            throw new Overtaken();
        }
        for (RedisFuture<?> answer : sent) {
            redis.get(answer);
        }
    }

    /** From here to the next step nobody may take the place of the announcement. */
    private void watchAnnouncement() {
        if (!round.equals(store.watchCoverage().get(StoredCoverage.FILLING))) {
            throw new Overtaken();
        }
    }
}
