package org.researchflow.rf.source;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * What tells whether the source at two moments can be compared by transaction ids, and whether something happened to it
 * that leaves no row to find.
 *
 * @param origin the system, the timeline and the database: another one has other transaction ids
 * @param nextTransaction the first transaction id (xid8) that was not given yet
 * @param counters PostgreSQL's statistics of deleted resources and changed tags: a hint, since they come late and may be
 *     reset
 * @param tracksTransactions whether the resources lie in a table whose rows tell the transaction that wrote them
 */
public record SourceState(String origin, long nextTransaction, Counters counters, boolean tracksTransactions) {

    /**
     * Statistics as text: as long as they stay the same, probably nothing was expunged, or tagged.
     *
     * @param deletions of resources
     * @param tags changes of tags
     */
    public record Counters(String deletions, String tags) {}

    /** An SQL expression that names the system, the timeline and the database of whoever evaluates it. */
    public static final String ORIGIN = """
            'system ' || (select system_identifier from pg_control_system())
                   || ', timeline ' || ('x' || substring(pg_walfile_name(pg_current_wal_lsn()) for 8))::bit(32)::bigint
                   || ', database ' || (select oid from pg_catalog.pg_database where datname = current_database())""";

    // A partitioned table has no statistics of its own, its partitions have.
    private static final String READ = """
            with counted as (
              select t.name, p.relid
                from (select 'resource' as name, to_regclass(?) as root
                    union all
                    select 'tag', to_regclass(tag) from unnest(?) tag) t
               cross join lateral (select t.root as relid union select relid from pg_partition_tree(t.root)) p
               where p.relid is not null),
            reset as (
              select coalesce(stats_reset::text, '') as at from pg_catalog.pg_stat_database
               where datname = current_database())
            select %s as origin,
                   pg_snapshot_xmax(pg_current_snapshot())::text as next_transaction,
                   (select sum(pg_stat_get_tuples_deleted(relid)) from counted where name = 'resource')
                   || ' since ' || (select at from reset) as deletions,
                   coalesce((select sum(pg_stat_get_tuples_inserted(relid) + pg_stat_get_tuples_updated(relid)
                                        + pg_stat_get_tuples_deleted(relid)) from counted where name = 'tag'), 0)
                   || ' since ' || (select at from reset) as tags,
                   (select relkind in ('r', 'p') from pg_catalog.pg_class where oid = to_regclass(?)) as tracks
            """.formatted(ORIGIN);

    /**
     * Where a connection leads, and when.
     *
     * @param now when its transaction began
     */
    public record Place(String origin, Instant now) {}

    /** Both in one round trip. The transaction began before its snapshot was taken: what was committed then is seen. */
    public static Place place(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("select transaction_timestamp() as now, " + ORIGIN + " as origin");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Place(
                    row.getString("origin"),
                    row.getObject("now", OffsetDateTime.class).toInstant());
        }
    }

    /** The system, the timeline and the database of a connection. */
    public static String origin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select " + ORIGIN + " as origin")) {
            row.next();
            return row.getString("origin");
        }
    }

    /**
     * Reads it.
     *
     * @param resources the table of the resources, as SQL text
     * @param tags those of what is kept beside them
     */
    static SourceState read(Connection connection, String resources, List<String> tags) throws SQLException {
        Array tables = connection.createArrayOf("text", tags.toArray());
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, resources);
            statement.setArray(2, tables);
            statement.setString(3, resources);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new SourceState(
                        row.getString("origin"),
                        Long.parseUnsignedLong(row.getString("next_transaction")),
                        new Counters(row.getString("deletions"), row.getString("tags")),
                        row.getBoolean("tracks"));
            }
        } finally {
            tables.free();
        }
    }
}
