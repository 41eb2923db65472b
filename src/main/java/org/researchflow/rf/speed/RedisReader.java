package org.researchflow.rf.speed;

import io.lettuce.core.RedisException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The speed layer in Redis. Every gap is found: a set or an entry that is gone (expired, evicted, flushed) is one that the
 * coverage, or the set, says should be there.
 */
public final class RedisReader implements SpeedLayer, AutoCloseable {

    /** Entries are read by so many: more at once would hold up other clients of Redis. */
    private static final int BATCH = 1_000;

    /** More changes than these are not merged: recomputing is then as fast. */
    private static final int MOST = 50_000;

    private static final int ATTEMPTS = 3;

    // One atomic step: nothing is written meanwhile, and nothing expires. Rows come where all of them are there, since
    // every round keeps those that the coverage names in step with the changes; otherwise entries, where they are few.
    private static final String READ = """
            local coverage = redis.call('HGETALL', KEYS[1])
            local limit, batch = tonumber(ARGV[1]), tonumber(ARGV[2])
            local key, arg = 2, 3
            local sets, total, fetched = {}, 0, 0
            while key <= #KEYS do
              local set, since, entries, views = KEYS[key], ARGV[arg], ARGV[arg + 1], tonumber(ARGV[arg + 2])
              local found = redis.call('ZRANGEBYSCORE', set, since, '+inf', 'LIMIT', 0, limit + 1)
              local rows, complete = {}, views > 0 and #found > 0 and #found <= limit
              for view = 1, views do
                complete = complete and redis.call('HEXISTS', KEYS[1], ARGV[arg + 2 + view]) == 1
                rows[view] = {}
                local first = 1
                while complete and first <= #found do
                  local some = redis.call('HMGET', KEYS[key + view],
                                          unpack(found, first, math.min(first + 4999, #found)))
                  for i = 1, #some do
                    complete = complete and some[i] ~= false
                  end
                  rows[view][#rows[view] + 1] = some
                  first = first + 5000
                end
              end
              total = total + #found
              if complete then
                sets[#sets + 1] = {redis.call('ZCARD', set), {}, {}, rows}
              else
                fetched = fetched + #found
                found = redis.call('ZRANGEBYSCORE', set, since, '+inf', 'WITHSCORES', 'LIMIT', 0, limit + 1)
                sets[#sets + 1] = {redis.call('ZCARD', set), found, {}, {}, entries}
              end
              key, arg = key + 1 + views, arg + 3 + views
            end
            if fetched <= batch then
              for i = 1, #sets do
                local found = sets[i][2]
                for j = 1, #found, 2 do
                  sets[i][3][(j + 1) / 2] =
                    redis.call('HMGET', sets[i][5] .. found[j], 'resource', 'version', 'deleted', 'problem')
                end
              end
            end
            return {coverage, total, fetched, sets}
            """;

    private static final List<String> FIELDS = List.of("resource", "version", "deleted", "problem");

    private final RedisSettings settings;
    private final Keys keys;
    private final String source;
    private final int batch;
    private final int most;
    private @Nullable RedisConnecting connecting;
    private @Nullable RedisConnection connection;

    private RedisReader(RedisSettings settings, String source, int batch, int most) {
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
        this.source = source;
        this.batch = batch;
        this.most = most;
    }

    /**
     * A reader that connects when it is first asked.
     *
     * @param source what decides how resources look in the source: another one's changes are no use
     */
    public static RedisReader of(RedisSettings settings, String source) {
        return new RedisReader(settings, source, BATCH, MOST);
    }

    /** A reader over a connection that is being opened already, and which it closes. */
    public static RedisReader over(RedisConnecting connecting, RedisSettings settings, String source) {
        RedisReader reader = of(settings, source);
        reader.connecting = connecting;
        return reader;
    }

    /** The same with other limits. */
    RedisReader limited(int entriesAtOnce, int changesAtMost) {
        return new RedisReader(settings, source, entriesAtOnce, changesAtMost);
    }

    @Override
    public RecentChanges read(Map<String, Long> since) throws NotCoveredException {
        return read(since, List.of());
    }

    @Override
    public synchronized RecentChanges read(Map<String, Long> since, Collection<KeptRows> views)
            throws NotCoveredException {
        try {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                Optional<RecentChanges> read = attempt(wanted(since, views));
                if (read.isPresent()) {
                    return read.get();
                }
            }
            throw new NotCoveredException("the speed layer changed while it was read, " + ATTEMPTS + " times");
        } catch (RedisException e) {
            close();
            throw NotCoveredException.unreachable("Redis at " + settings.place() + " " + RedisError.why(e));
        }
    }

    /**
     * What is asked for.
     *
     * @param since the transaction from which on
     * @param views whose rows will do
     */
    private record Wanted(String resourceType, long since, List<KeptRows> views) {}

    private static List<Wanted> wanted(Map<String, Long> since, Collection<KeptRows> views) {
        List<Wanted> wanted = new ArrayList<>();
        new TreeMap<>(since)
                .forEach((type, transaction) -> wanted.add(new Wanted(
                        type,
                        transaction,
                        views.stream()
                                .filter(view -> view.resourceType().equals(type))
                                .distinct()
                                .toList())));
        return wanted;
    }

    private Optional<RecentChanges> attempt(List<Wanted> asked) throws NotCoveredException {
        RedisConnection redis = connection();
        List<Object> answer = redis.eval(READ, names(asked), arguments(asked));
        StoredCoverage coverage = coverage(pairs(list(answer.get(0))));
        if ((Long) answer.get(1) > most) {
            throw new NotCoveredException("more than " + most + " resources changed");
        }
        List<Object> sets = list(answer.get(3));
        List<Pending> pending = new ArrayList<>();
        Map<String, ChangedRows> rows = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            String type = asked.get(i).resourceType();
            requireCovered(coverage, type, asked.get(i).since());
            List<Object> set = list(sets.get(i));
            if (!coverage.counts().containsKey(type)) {
                // Nothing of it has changed. A set that is there all the same is older than the coverage.
                continue;
            }
            requireWhole(coverage, type, (Long) set.get(0));
            List<Object> packed = list(set.get(3));
            if (!packed.isEmpty()) {
                rows.put(type, rows(asked.get(i).views(), packed));
            }
            List<Object> found = list(set.get(1));
            List<Object> entries = list(set.get(2));
            for (int j = 0; j < found.size() / 2; j++) {
                pending.add(new Pending(
                        type,
                        text(found.get(2 * j)),
                        Score.latest(Double.parseDouble(text(found.get(2 * j + 1)))),
                        entries.isEmpty() ? Optional.empty() : Optional.of(texts(list(entries.get(j))))));
            }
        }
        boolean whole = (Long) answer.get(2) <= batch;
        List<Change> changes = whole ? changes(pending) : fetched(redis, pending);
        return whole || isStill(redis, coverage)
                ? Optional.of(new RecentChanges(promise(coverage, asked), changes, rows))
                : Optional.empty();
    }

    /** Of each view the rows of every change, in portions. */
    private static ChangedRows rows(List<KeptRows> views, List<Object> packed) {
        Map<KeptRows, List<byte[]>> rows = new LinkedHashMap<>();
        for (int i = 0; i < views.size(); i++) {
            List<byte[]> all = new ArrayList<>();
            for (Object portion : list(packed.get(i))) {
                list(portion).forEach(change -> all.add((byte[]) change));
            }
            rows.put(views.get(i), all);
        }
        return new ChangedRows(rows.values().iterator().next().size(), rows);
    }

    /** A member of a set, and its entry if that has come along. */
    private record Pending(String type, String key, long transaction, Optional<List<@Nullable String>> entry) {}

    private List<String> names(List<Wanted> asked) {
        List<String> names = new ArrayList<>();
        names.add(keys.coverage());
        asked.forEach(wanted -> {
            names.add(keys.recent(wanted.resourceType()));
            wanted.views().forEach(view -> names.add(keys.rows(view)));
        });
        return names;
    }

    private List<String> arguments(List<Wanted> asked) {
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(most));
        arguments.add(Integer.toString(batch));
        asked.forEach(wanted -> {
            arguments.add(Score.text(wanted.since()));
            arguments.add(keys.entries(wanted.resourceType()));
            arguments.add(Integer.toString(wanted.views().size()));
            wanted.views().forEach(view -> arguments.add(StoredCoverage.ROWS + view.text()));
        });
        return arguments;
    }

    private StoredCoverage coverage(Map<String, String> hash) throws NotCoveredException {
        if (hash.isEmpty()) {
            throw new NotCoveredException("Redis holds no coverage: it was emptied, or nothing has polled yet");
        }
        if (hash.containsKey(StoredCoverage.FILLING)) {
            throw new NotCoveredException("the speed layer is being filled");
        }
        StoredCoverage coverage = StoredCoverage.parse(hash)
                .orElseThrow(() -> new NotCoveredException("another version of rf polls into this Redis"));
        if (!coverage.source().equals(source)) {
            throw new NotCoveredException("what polls into this Redis reads its source with other settings");
        }
        return coverage;
    }

    private static void requireCovered(StoredCoverage coverage, String type, long since) throws NotCoveredException {
        if (Long.compareUnsigned(since, coverage.from(type)) < 0) {
            throw new NotCoveredException("changes of " + type + " are kept since a later moment");
        }
    }

    private static void requireWhole(StoredCoverage coverage, String type, long members) throws NotCoveredException {
        if (members != coverage.counts().getOrDefault(type, 0L)) {
            throw new NotCoveredException("Redis has lost changes of " + type);
        }
    }

    private List<Change> fetched(RedisConnection redis, List<Pending> pending) throws NotCoveredException {
        List<Change> changes = new ArrayList<>();
        for (int start = 0; start < pending.size(); start += batch) {
            List<Pending> some = pending.subList(start, Math.min(start + batch, pending.size()));
            List<List<@Nullable String>> entries = redis.fields(
                    some.stream()
                            .map(member -> keys.entry(member.type(), member.key()))
                            .toList(),
                    FIELDS);
            for (int i = 0; i < some.size(); i++) {
                changes.add(change(some.get(i), entries.get(i)));
            }
        }
        return changes;
    }

    private static List<Change> changes(List<Pending> pending) throws NotCoveredException {
        List<Change> changes = new ArrayList<>();
        for (Pending member : pending) {
            changes.add(change(member, member.entry().orElseThrow()));
        }
        return changes;
    }

    private static Change change(Pending member, List<@Nullable String> fields) throws NotCoveredException {
        @Nullable String resource = fields.get(0);
        @Nullable String version = fields.get(1);
        if (fields.get(3) != null) {
            throw new NotCoveredException(
                    "a changed " + member.type() + " cannot be read: its body is " + fields.get(3));
        }
        boolean deleted = "true".equals(fields.get(2));
        if (version == null || (resource == null && !deleted)) {
            throw new NotCoveredException("Redis has lost a changed " + member.type() + ": it expired, or was evicted");
        }
        return new Change(
                member.type(), member.key(), number(version), member.transaction(), Optional.ofNullable(resource));
    }

    private static long number(String version) {
        return version.matches("[0-9]{1,18}") ? Long.parseLong(version) : 0;
    }

    private boolean isStill(RedisConnection redis, StoredCoverage coverage) {
        return coverage.round()
                .equals(redis.fields(List.of(keys.coverage()), List.of("round"))
                        .getFirst()
                        .getFirst());
    }

    private static Coverage promise(StoredCoverage coverage, List<Wanted> asked) {
        long from = asked.stream()
                .map(wanted -> coverage.from(wanted.resourceType()))
                .max(Long::compareUnsigned)
                .orElse(coverage.from());
        return new Coverage(from, coverage.to(), coverage.asOf(), coverage.origin());
    }

    private RedisConnection connection() {
        RedisConnection current = connection;
        if (current == null) {
            RedisConnecting begun = connecting;
            connecting = null;
            current = begun == null ? RedisSession.open(settings, settings.answerTimeout()) : begun.connection();
            connection = current;
        }
        return current;
    }

    @Override
    public synchronized void close() {
        RedisConnection current = connection;
        connection = null;
        if (current != null) {
            current.close();
        }
        RedisConnecting begun = connecting;
        connecting = null;
        if (begun != null) {
            begun.close();
        }
    }

    private static Map<String, String> pairs(List<Object> flat) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            pairs.put(text(flat.get(i)), text(flat.get(i + 1)));
        }
        return pairs;
    }

    private static List<@Nullable String> texts(List<Object> values) {
        List<@Nullable String> texts = new ArrayList<>();
        for (@Nullable Object value : values) {
            texts.add(value == null ? null : text(value));
        }
        return texts;
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked") // what a script returns has the shape that the script gives it
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
