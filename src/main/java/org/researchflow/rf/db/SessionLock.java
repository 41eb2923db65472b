package org.researchflow.rf.db;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/**
 * An advisory lock of a PostgreSQL session, named by a text: at most one session of a database has it. It is taken
 * before a transaction begins (inside one, the snapshot would be as old as the wait), survives transactions, and ends
 * with {@link #close} or the connection.
 */
public final class SessionLock implements AutoCloseable {

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    // A session that is not ours and not our role's shows neither its address nor its times.
    private static final String HELD = """
            select l.classid::bigint << 32 | l.objid::bigint as key,
                   l.pid,
                   coalesce(nullif(a.application_name, ''), 'a session') as application,
                   coalesce(a.client_hostname, host(a.client_addr)) as host,
                   coalesce(a.xact_start, a.state_change) as since,
                   now() as now
            from pg_catalog.pg_locks l
            left join pg_catalog.pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
            """;

    private static final String HELD_KEY = "and l.classid::bigint = ? and l.objid::bigint = ?";

    private final Connection connection;
    private final long key;

    private SessionLock(Connection connection, long key) {
        this.connection = connection;
        this.key = key;
    }

    /**
     * Takes the lock, trying for as long as {@code timeout}; zero means once.
     *
     * @param busy what to say when another session has it and keeps it: "condition_simple is being refreshed by
     *     another run"
     */
    public static SessionLock acquire(Connection connection, String name, String busy, Duration timeout)
            throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalStateException("a session lock is taken before the transaction begins");
        }
        long key = key(name);
        long start = System.nanoTime();
        // Not pg_advisory_lock: a session that waits in it holds a snapshot, for which the holder may be waiting.
        while (!call(connection, "select pg_try_advisory_lock(?)", key)) {
            if (System.nanoTime() - start >= timeout.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                throw lockedFailure(connection, key, busy);
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
        return new SessionLock(connection, key);
    }

    /** Those of the names that some session of this database has locked, and in words who holds them. */
    public static Map<String, String> holders(Connection connection, Collection<String> names) throws SQLException {
        Map<Long, String> held = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(HELD);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                held.put(rows.getLong("key"), inWords(rows));
            }
        }
        Map<String, String> holders = new HashMap<>();
        for (String name : names) {
            @Nullable String holder = held.get(key(name));
            if (holder != null) {
                holders.put(name, holder);
            }
        }
        return holders;
    }

    /** Gives the lock back; a closed connection has done so already. */
    @Override
    public void close() throws SQLException {
        if (!connection.isClosed()) {
            call(connection, "select pg_advisory_unlock(?)", key);
        }
    }

    private static boolean call(Connection connection, String sql, long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** The first eight bytes of the name's SHA-256: the same in every version of rf and of PostgreSQL. */
    private static long key(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Failure lockedFailure(Connection connection, long key, String busy) throws SQLException {
        Failure failure = Failure.of(Failure.Kind.LOCKED, busy);
        holder(connection, key).ifPresent(holder -> failure.note("holder", holder));
        return failure;
    }

    /** Who holds the lock, in words; empty when it was given back in the meantime. */
    private static Optional<String> holder(Connection connection, long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HELD + HELD_KEY)) {
            statement.setLong(1, key >>> 32);
            statement.setLong(2, key & 0xffff_ffffL);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(inWords(rows)) : Optional.empty();
            }
        }
    }

    private static String inWords(ResultSet row) throws SQLException {
        List<String> words = new ArrayList<>();
        String host = row.getString("host");
        words.add(row.getString("application") + (host == null ? "" : " on " + host));
        words.add("PostgreSQL pid " + row.getInt("pid"));
        OffsetDateTime since = row.getObject("since", OffsetDateTime.class);
        if (since != null) {
            Instant start = since.toInstant().truncatedTo(ChronoUnit.SECONDS);
            Instant now = row.getObject("now", OffsetDateTime.class).toInstant();
            words.add("since " + start + " (" + age(Duration.between(start, now)) + ")");
        }
        return String.join(", ", words);
    }

    private static String age(Duration duration) {
        return duration.compareTo(Duration.ofMinutes(2)) < 0
                ? duration.toSeconds() + " s"
                : duration.compareTo(Duration.ofHours(2)) < 0
                        ? duration.toMinutes() + " min"
                        : duration.toHours() + " h";
    }
}
