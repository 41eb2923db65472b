package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.db.SessionLock;
import org.researchflow.rf.db.Transactions;

/**
 * The writing side of rf's own resource table: takes versions of resources and tombstones, in batches.
 *
 * <p>A version replaces the one that is there unless it is known to be older: by {@code meta.lastUpdated} where both
 * have one, by {@code meta.versionId} where both are whole numbers. What says the same as what is there changes
 * nothing.
 */
public final class ResourceStore {

    /** So much is written in one transaction, and held in memory by whoever may have to write it again. */
    private static final int BATCH_BYTES = 1 << 24;

    private static final int BATCH_RESOURCES = 20_000;

    /** Versions of one resource in one batch: each needs a statement of its own. */
    private static final int BATCH_VERSIONS = 16;

    /** So many new rows make statistics worth their time; what is less, autovacuum looks after. */
    private static final long ANALYZED = 5_000;

    private static final Duration CREATION = Duration.ofSeconds(10);

    // Two texts and a body of about a kilobyte a row: room for updates in each page would slow down every scan more
    // than updates in place could gain. The statistics of bodies are of no use, and dear to collect.
    private static final String TABLES = """
            -- "if not exists" would ask for the right to create schemas even where there is one.
            do $$ begin
              if to_regnamespace('rf') is null then
                create schema rf;
                comment on schema rf is 'Resources that rf load reads, where there is no HAPI server';
              end if;
            end $$;
            create table if not exists rf.resource (
              res_id bigint generated always as identity primary key,
              updated timestamptz,
              digest uuid not null,
              deleted boolean not null,
              type text not null,
              key text not null,
              version text,
              resource jsonb,
              unique (type, key),
              check (deleted = (resource is null))
            );
            alter table rf.resource alter column resource set statistics 0;
            comment on table rf.resource is 'The newest known version of each resource, or its tombstone';
            create unlogged table if not exists rf.incoming (
              nth integer not null,
              updated timestamptz,
              digest uuid not null,
              deleted boolean not null,
              type text not null,
              key text not null,
              version text,
              resource jsonb
            );
            alter table rf.incoming set (autovacuum_enabled = off);
            comment on table rf.incoming is 'The batch that is being written';
            create table if not exists rf.load (
              number bigint generated always as identity primary key,
              ended_at timestamptz not null,
              as_of timestamptz,
              added bigint not null,
              changed bigint not null,
              deleted bigint not null,
              unchanged bigint not null,
              rejected bigint not null
            );
            comment on table rf.load is 'What was loaded, and the moment that it was exported at';
            """;

    // Half as dear as PostgreSQL's own method, where the server was built with it.
    private static final String LZ4 = """
            select exists (select from pg_catalog.pg_settings
                            where name = 'default_toast_compression' and 'lz4' = any (enumvals))
            """;

    private static final String COLUMNS = "rf.incoming (nth, updated, digest, deleted, type, key, version, resource)";

    // What is there is looked up row by row, whatever the planner thinks of two tables that it knows nothing about.
    // A row that is only compared is not locked, and so not written to.
    private static final String MERGE = """
            with written as (
              insert into rf.resource as r (updated, digest, deleted, type, key, version, resource)
              select i.updated, i.digest, i.deleted, i.type, i.key, i.version, i.resource
                from rf.incoming i
               where i.nth = ?
                 and (select r.digest <> i.digest and not %s
                        from rf.resource r
                       where r.type = i.type and r.key = i.key) is distinct from false
                  on conflict (type, key) do update
                 set updated = excluded.updated, digest = excluded.digest, deleted = excluded.deleted,
                     version = excluded.version, resource = excluded.resource
              returning r.deleted, r.xmax = 0 as added)
            select count(*) filter (where added and not deleted) as added,
                   count(*) filter (where not added and not deleted) as changed,
                   count(*) filter (where deleted) as deleted,
                   (select count(*) from rf.incoming where nth = ?) as incoming
              from written
            """.formatted("""
                    case when i.updated <> r.updated then i.updated < r.updated
                                      when i.version ~ '^[0-9]{1,18}$' and r.version ~ '^[0-9]{1,18}$'
                                      then i.version::bigint < r.version::bigint
                                      else false
                                 end""");

    private final Connection connection;

    private ResourceStore(Connection connection) {
        this.connection = connection;
    }

    /** Whether a database has the table, as SQL text. */
    public static final String PRESENT = """
            exists (select from pg_catalog.pg_class
                     where relnamespace = pg_catalog.to_regnamespace('rf') and relname = 'resource')
            """.strip();

    /** Whether there is a resource table in the database; needs no right to read it. */
    public static boolean isIn(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select " + PRESENT);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** The store of a database, whose tables are made if there are none. */
    public static ResourceStore open(Connection connection) throws SQLException {
        if (!isIn(connection)) {
            // "if not exists" alone fails when two create the same thing at once.
            try (SessionLock _ = SessionLock.acquire(
                    connection, "rf resources", "another run is creating the schema rf", CREATION)) {
                Transactions.write(connection, _ -> create(connection));
            }
        }
        return new ResourceStore(connection);
    }

    private static boolean create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
            try (ResultSet row = statement.executeQuery(LZ4)) {
                if (row.next() && row.getBoolean(1)) {
                    statement.execute("alter table rf.resource alter column resource set compression lz4;"
                            + " alter table rf.incoming alter column resource set compression lz4");
                }
            }
        }
        return true;
    }

    /**
     * What became of resources that were written.
     *
     * @param added live ones that were not known
     * @param changed live ones of which another version, or a tombstone, was known
     * @param deleted tombstones
     * @param unchanged those that said what was known, or were older
     */
    public record Written(long added, long changed, long deleted, long unchanged) {
        public static final Written NOTHING = new Written(0, 0, 0, 0);

        public Written and(Written more) {
            return new Written(
                    added + more.added, changed + more.changed, deleted + more.deleted, unchanged + more.unchanged);
        }

        public long total() {
            return added + changed + deleted + unchanged;
        }
    }

    /**
     * Takes as many resources as make a batch and writes them in one transaction, in their order. They are sent as they
     * are taken, so that the server parses one while the next is read.
     */
    public Written write(Iterator<StoredResource> resources) throws SQLException {
        return Transactions.write(connection, _ -> {
            // Writers take turns, so that none of them meets a row that it does not see.
            execute("lock table rf.incoming in access exclusive mode");
            int versions = send(resources);
            Written written = Written.NOTHING;
            for (int nth = 0; nth < versions; nth++) {
                written = written.and(merge(nth));
            }
            execute("truncate rf.incoming");
            return written;
        });
    }

    /** Returns how many versions there are of the resource that has most. */
    private int send(Iterator<StoredResource> resources) throws SQLException {
        Map<String, Integer> seen = new HashMap<>();
        int versions = 0;
        long bytes = 0;
        try (BinaryCopy copy = BinaryCopy.into(connection, COLUMNS)) {
            while (bytes < BATCH_BYTES
                    && seen.size() < BATCH_RESOURCES
                    && versions < BATCH_VERSIONS
                    && resources.hasNext()) {
                StoredResource next = resources.next();
                int nth = seen.merge(next.type() + '/' + next.key(), 1, Integer::sum);
                send(next, nth - 1, copy);
                versions = Math.max(versions, nth);
                bytes += next.size();
            }
            copy.end();
        }
        return versions;
    }

    private static void send(StoredResource resource, int nth, BinaryCopy copy) throws SQLException {
        copy.row(8);
        copy.integer(nth);
        copy.timestamp(resource.updated());
        copy.binary(resource.digest());
        copy.bool(resource.isDeleted());
        copy.text(resource.type());
        copy.text(resource.key());
        copy.text(resource.version());
        copy.jsonb(resource.body());
    }

    private Written merge(int nth) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MERGE)) {
            statement.setInt(1, nth);
            statement.setInt(2, nth);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long added = row.getLong("added");
                long changed = row.getLong("changed");
                long deleted = row.getLong("deleted");
                return new Written(added, changed, deleted, row.getLong("incoming") - added - changed - deleted);
            }
        }
    }

    /** Whether a write failed on the data, or on how much there is in one of them: SQL's classes 22 and 54. */
    public static boolean isAboutData(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        return state.startsWith("22") || state.startsWith("54");
    }

    /**
     * Keeps that a load has ended.
     *
     * @param asOf the moment that it was exported at
     * @param rejected how many resources of it could not be taken
     */
    public void ended(Optional<Instant> asOf, Written written, long rejected) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into rf.load (ended_at, as_of, added, changed, deleted, unchanged, rejected)
                values (clock_timestamp(), ?, ?, ?, ?, ?, ?)
                """)) {
            statement.setObject(
                    1, asOf.map(moment -> moment.atOffset(ZoneOffset.UTC)).orElse(null));
            statement.setLong(2, written.added());
            statement.setLong(3, written.changed());
            statement.setLong(4, written.deleted());
            statement.setLong(5, written.unchanged());
            statement.setLong(6, rejected);
            statement.executeUpdate();
        }
        if (written.added() + written.changed() + written.deleted() >= ANALYZED) {
            execute("analyze rf.resource");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The latest moment that a load was said to be exported at: from there on changes have to come from elsewhere. */
    public Optional<Instant> asOf() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select max(as_of) from rf.load")) {
            row.next();
            @Nullable OffsetDateTime moment = row.getObject(1, OffsetDateTime.class);
            return Optional.ofNullable(moment).map(OffsetDateTime::toInstant);
        }
    }
}
