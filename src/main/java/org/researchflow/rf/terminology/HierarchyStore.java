package org.researchflow.rf.terminology;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.HierarchyTables;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.fhir.Suggestion;

/**
 * The hierarchies that were loaded, for all who use a database.
 *
 * @param database where they are
 */
public record HierarchyStore(Database database) {

    private static final int PORTION = 20_000;

    /** What became of a hierarchy that was to be loaded. */
    public enum Loading {
        ADDED,
        REPLACED,
        UNCHANGED
    }

    /** One that was loaded. */
    public record Loaded(
            String system, Optional<String> version, long codes, long links, String loadedBy, Instant loadedAt) {}

    /** Puts it in the place of the one of its system; who reads meanwhile sees the one or the other. */
    public Loading load(CodeTree tree) {
        return connected(connection -> {
            HierarchyTables.require(connection);
            return Transactions.write(connection, _ -> load(connection, tree));
        });
    }

    private static Loading load(Connection connection, CodeTree tree) throws SQLException {
        String digest = tree.digest();
        // Two who load one system at once: the second waits here, and sees what the first wrote.
        boolean added = update(connection, """
                insert into sqlonfhir.code_hierarchy (system, codes, links, digest) values (?, 0, 0, '')
                on conflict (system) do nothing
                """, tree.system()) > 0;
        if (!added && digest.equals(digest(connection, tree.system()))) {
            return Loading.UNCHANGED;
        }
        clear(connection, tree.system());
        insert(
                connection,
                "insert into sqlonfhir.code_hierarchy_concept (system, code)"
                        + " select ?, t.code from unnest(?, ?) as t (code, other)",
                tree.system(),
                tree.codes().size(),
                tree.codes()::get,
                tree.codes()::get);
        insert(
                connection,
                "insert into sqlonfhir.code_hierarchy_parent (system, parent, code)"
                        + " select ?, t.parent, t.code from unnest(?, ?) as t (parent, code)",
                tree.system(),
                tree.links().size(),
                at -> tree.codes().get(tree.links().get(at).parent()),
                at -> tree.codes().get(tree.links().get(at).child()));
        try (PreparedStatement statement = connection.prepareStatement("""
                update sqlonfhir.code_hierarchy
                   set version = ?, codes = ?, links = ?, digest = ?, loaded_by = session_user,
                       loaded_at = clock_timestamp()
                 where system = ?
                """)) {
            statement.setString(1, tree.version().orElse(null));
            statement.setLong(2, tree.codes().size());
            statement.setLong(3, tree.links().size());
            statement.setString(4, digest);
            statement.setString(5, tree.system());
            statement.executeUpdate();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("analyze sqlonfhir.code_hierarchy_concept, sqlonfhir.code_hierarchy_parent");
        }
        return added ? Loading.ADDED : Loading.REPLACED;
    }

    private static String digest(Connection connection, String system) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select digest from sqlonfhir.code_hierarchy where system = ? for update")) {
            statement.setString(1, system);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    private static void clear(Connection connection, String system) throws SQLException {
        update(connection, "delete from sqlonfhir.code_hierarchy_concept where system = ?", system);
        update(connection, "delete from sqlonfhir.code_hierarchy_parent where system = ?", system);
    }

    private static void insert(
            Connection connection,
            String sql,
            String system,
            int count,
            IntFunction<String> first,
            IntFunction<String> second)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int from = 0; from < count; from += PORTION) {
                int size = Math.min(PORTION, count - from);
                String[] left = new String[size];
                String[] right = new String[size];
                for (int i = 0; i < size; i++) {
                    left[i] = first.apply(from + i);
                    right[i] = second.apply(from + i);
                }
                statement.setString(1, system);
                statement.setArray(2, connection.createArrayOf("text", left));
                statement.setArray(3, connection.createArrayOf("text", right));
                statement.executeUpdate();
            }
        }
    }

    /** All of them, by system. */
    public List<Loaded> all() {
        return connected(HierarchyStore::all);
    }

    static List<Loaded> all(Connection connection) throws SQLException {
        List<Loaded> all = new ArrayList<>();
        if (!HierarchyTables.exist(connection)) {
            return all;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select system, version, codes, links, loaded_by, loaded_at
                          from sqlonfhir.code_hierarchy
                         order by system collate "C"
                        """)) {
            while (row.next()) {
                all.add(new Loaded(
                        row.getString("system"),
                        Optional.ofNullable(row.getString("version")),
                        row.getLong("codes"),
                        row.getLong("links"),
                        row.getString("loaded_by"),
                        row.getObject("loaded_at", OffsetDateTime.class).toInstant()));
            }
        }
        return all;
    }

    /**
     * Forgets the one of that system.
     *
     * @throws Failure if there is none
     */
    public void drop(String system) {
        connected(connection -> {
            List<String> systems = all(connection).stream().map(Loaded::system).toList();
            if (!systems.contains(system)) {
                throw unknown(system, systems);
            }
            return Transactions.write(connection, _ -> {
                clear(connection, system);
                return update(connection, "delete from sqlonfhir.code_hierarchy where system = ?", system);
            });
        });
    }

    static Failure unknown(String system, List<String> systems) {
        Failure failure = Failure.usage("no hierarchy of the code system " + system + " is loaded");
        Suggestion.nearest(system, systems)
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near),
                        () -> failure.note("loaded", systems.isEmpty() ? "none at all" : String.join(", ", systems)));
        return failure.note("try", "rf terminology load FILE");
    }

    private static int update(Connection connection, String sql, String system) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, system);
            return statement.executeUpdate();
        }
    }

    private <T> T connected(Transactions.Work<T> work) {
        try (Connection connection = database.connect()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }
}
