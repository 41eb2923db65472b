package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What keeps PostgreSQL's oldest transaction open. Refreshes stay exact with it, but read again all that was written
 * since it began, and vacuum removes nothing newer.
 *
 * @param holder a session, a prepared transaction or a replication slot, in words
 * @param pid of the session, if it is one
 * @param since when it began, where PostgreSQL tells that
 * @param open for how long
 * @param transactions how many transaction ids were given since
 */
public record OldestTransaction(
        String holder, Optional<Long> pid, Optional<Instant> since, Optional<Duration> open, long transactions) {

    // Of other roles' sessions everybody sees the ids; application, user and times only pg_read_all_stats.
    private static final String FIND = """
            select holder, pid, since, extract(epoch from clock_timestamp() - since)::bigint as open, age
              from (select 'session of ' || coalesce(nullif(application_name, ''), 'a program without a name')
                           || ', user ' || coalesce(usename, '?') || ', PostgreSQL pid ' || pid as holder,
                           pid, xact_start as since,
                           greatest(age(backend_xid), age(backend_xmin)) as age
                      from pg_catalog.pg_stat_activity
                     where pid <> pg_backend_pid() and (backend_xid is not null or backend_xmin is not null)
                       and coalesce(backend_type, 'client backend') = 'client backend'
                       and usesysid is not null
                     union all
                    select 'prepared transaction ' || gid || ' of ' || owner || ' in database ' || database, null, prepared,
                           age(transaction)
                      from pg_catalog.pg_prepared_xacts
                     union all
                    select 'replication slot ' || slot_name, null, null, age(xmin)
                      from pg_catalog.pg_replication_slots
                     where xmin is not null) open
             order by age desc, since
             limit 1
            """;

    /** Finds it; nobody else's may be open. */
    public static Optional<OldestTransaction> find(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FIND)) {
            if (!row.next()) {
                return Optional.empty();
            }
            Optional<OffsetDateTime> since = Optional.ofNullable(row.getObject("since", OffsetDateTime.class));
            @Nullable Long open = row.getObject("open", Long.class);
            return Optional.of(new OldestTransaction(
                    row.getString("holder"),
                    Optional.ofNullable(row.getObject("pid", Integer.class)).map(Integer::longValue),
                    since.map(OffsetDateTime::toInstant),
                    Optional.ofNullable(open).map(Duration::ofSeconds),
                    row.getLong("age")));
        }
    }
}
