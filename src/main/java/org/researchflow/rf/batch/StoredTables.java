package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.db.Transactions;

/** The tables of a view's generations; whoever drops some holds the view's lock. */
final class StoredTables {

    // Somebody still reads it, or built something of his own on it: the next run tries again.
    private static final Set<String> STILL_USED = Set.of("55P03", "40P01", "2BP01");

    private StoredTables() {}

    /**
     * What a table's name says.
     *
     * @param materialized whether it is a materialized view that was never published
     */
    record Table(long number, long generation, boolean materialized) {

        /** The statement that drops it. */
        String drop(boolean cascade) {
            return "drop " + (materialized ? "materialized view " : "table ") + Generation.store(number, generation)
                    + (cascade ? " cascade" : "");
        }
    }

    /**
     * Lets PostgreSQL note that new rows are visible to everybody: only then an index alone answers questions. As long as
     * somebody holds an older snapshot, it does so later by itself.
     */
    static void vacuum(Connection connection, Collection<String> tables) {
        for (String table : tables) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("vacuum (skip_locked, truncate false) " + table);
            } catch (SQLException e) {
                // The rows are there and right, only read more slowly for a while: that is no failure of the run.
                return;
            }
        }
    }

    /** The generations of a view that have a table, oldest first. */
    static List<Table> generations(Connection connection, long number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select substring(c.relname from '_g([0-9]+)$')::bigint as generation, c.relkind = 'm' as materialized
                  from pg_catalog.pg_class c
                  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'sqlonfhir_store'
                 where c.relkind in ('r', 'm') and c.relname ~ ('^v' || ? || '_g[0-9]+$')
                 order by generation
                """)) {
            statement.setString(1, Long.toString(number));
            try (ResultSet row = statement.executeQuery()) {
                List<Table> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new Table(number, row.getLong("generation"), row.getBoolean("materialized")));
                }
                return found;
            }
        }
    }

    /** Drops what nobody is sent to any more, as far as that needs no waiting. */
    static void dropLeftovers(Connection connection, String view, long number) throws SQLException {
        long published =
                Catalog.find(connection, view).map(Materialization::generation).orElse(0L);
        List<Table> tables = generations(connection, number);
        for (Table table : tables) {
            // The newest may still be waiting for its publication.
            boolean waits = table.generation() > published && table.equals(tables.getLast());
            if (table.generation() != published && !waits) {
                dropLeftover(connection, table);
            }
        }
    }

    /** Drops a generation that nobody was ever sent to. */
    static void discard(Connection connection, Generation built) throws SQLException {
        for (Table table : generations(connection, built.number())) {
            if (table.generation() == built.generation()) {
                dropLeftover(connection, table);
            }
        }
    }

    /** The same of views whose published rows stay: a run may have ended between a publication and this. */
    static void dropLeftovers(Connection connection, Collection<Materialization> views) throws SQLException {
        Map<Long, Materialization> byNumber =
                views.stream().collect(Collectors.toMap(Materialization::number, Function.identity()));
        List<Table> leftovers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select substring(c.relname from '^v([0-9]+)')::bigint as number,
                               substring(c.relname from '_g([0-9]+)$')::bigint as generation
                          from pg_catalog.pg_class c
                          join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'sqlonfhir_store'
                         where c.relkind = 'r' and c.relname ~ '^v[0-9]+_g[0-9]+$'
                        """)) {
            while (row.next()) {
                @Nullable Materialization view = byNumber.get(row.getLong("number"));
                if (view != null && view.generation() != row.getLong("generation")) {
                    leftovers.add(new Table(view.number(), row.getLong("generation"), false));
                }
            }
        }
        for (Table leftover : leftovers) {
            dropLeftover(connection, leftover);
        }
    }

    private static void dropLeftover(Connection connection, Table table) throws SQLException {
        try {
            Transactions.write(connection, _ -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("set local lock_timeout = '100ms'");
                    statement.execute(table.drop(false));
                    String ofIt = " where view_number = " + table.number() + " and generation = " + table.generation();
                    statement.executeUpdate("delete from sqlonfhir_store.tag_digest" + ofIt);
                    statement.executeUpdate("delete from " + SetAside.TABLE + ofIt);
                    return statement.executeUpdate("delete from sqlonfhir_store.generation" + ofIt);
                }
            });
        } catch (SQLException e) {
            if (!STILL_USED.contains(e.getSQLState())) {
                throw e;
            }
        }
    }
}
