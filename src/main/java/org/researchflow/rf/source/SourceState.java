package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

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

    // A partitioned table has no statistics of its own, its partitions have.
    private static final String READ = """
            with counted as (
              select t.name, p.relid
                from (values ('resource', to_regclass(?)), ('tag', to_regclass(?)), ('tag', to_regclass(?))) t (name, root)
               cross join lateral (select t.root as relid union select relid from pg_partition_tree(t.root)) p
               where p.relid is not null),
            reset as (
              select coalesce(stats_reset::text, '') as at from pg_catalog.pg_stat_database
               where datname = current_database())
            select 'system ' || (select system_identifier from pg_control_system())
                   || ', timeline ' || ('x' || substring(pg_walfile_name(pg_current_wal_lsn()) for 8))::bit(32)::bigint
                   || ', database ' || (select oid from pg_catalog.pg_database where datname = current_database())
                   as origin,
                   pg_snapshot_xmax(pg_current_snapshot())::text as next_transaction,
                   (select sum(pg_stat_get_tuples_deleted(relid)) from counted where name = 'resource')
                   || ' since ' || (select at from reset) as deletions,
                   coalesce((select sum(pg_stat_get_tuples_inserted(relid) + pg_stat_get_tuples_updated(relid)
                                        + pg_stat_get_tuples_deleted(relid)) from counted where name = 'tag'), 0)
                   || ' since ' || (select at from reset) as tags,
                   (select relkind in ('r', 'p') from pg_catalog.pg_class where oid = to_regclass(?)) as tracks
            """;

    /** Reads it, before the snapshot that it is kept with: what happens in between is found once more, never missed. */
    public static SourceState read(Connection connection, HapiSchema schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, schema.table("hfj_resource"));
            statement.setString(2, schema.table("hfj_res_tag"));
            statement.setString(3, schema.table("hfj_tag_def"));
            statement.setString(4, schema.table("hfj_resource"));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new SourceState(
                        row.getString("origin"),
                        Long.parseUnsignedLong(row.getString("next_transaction")),
                        new Counters(row.getString("deletions"), row.getString("tags")),
                        row.getBoolean("tracks"));
            }
        }
    }
}
