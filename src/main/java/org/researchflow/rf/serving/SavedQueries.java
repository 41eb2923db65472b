package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SavedQueryTable;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.fhir.Suggestion;

/**
 * The questions that people keep by name, for all who use a database.
 *
 * @param database where they are
 */
public record SavedQueries(Database database) {

    /** A cohort. */
    public static final String COHORT = "cohort";

    /** A SQLQuery. */
    public static final String SQL_QUERY = "sql-query";

    private static final String COLUMNS =
            "select name, kind, definition, description, saved_by, saved_at" + " from sqlonfhir.saved_query";

    /** What became of a question that was to be saved. */
    public enum Saving {
        SAVED,
        REPLACED,
        UNCHANGED
    }

    /**
     * Keeps a question under a name.
     *
     * @param kind {@link #COHORT} or {@link #SQL_QUERY}
     * @param replace whether another question of that name gives way
     * @throws Failure if it has to, and does not
     */
    public Saving save(String name, String kind, String definition, Optional<String> description, boolean replace) {
        return connected(connection -> {
            SavedQueryTable.require(connection);
            return Transactions.write(
                    connection, _ -> save(connection, new Entry(name, kind, definition, description), replace));
        });
    }

    /** A question that is to be kept. */
    private record Entry(String name, String kind, String definition, Optional<String> description) {}

    private static Saving save(Connection connection, Entry entry, boolean replace) throws SQLException {
        String name = entry.name();
        String definition = entry.definition();
        Optional<String> description = entry.description();
        // Two who save under one name at once: the second waits for the first, and sees what it wrote.
        if (insert(connection, entry) > 0) {
            return Saving.SAVED;
        }
        SavedQuery existing =
                query(connection, " where name = ? for update", name).getFirst();
        boolean same = existing.definition().equals(definition)
                && (description.isEmpty() || existing.description().equals(description));
        if (same) {
            return Saving.UNCHANGED;
        }
        if (!replace) {
            throw Failure.usage("there is another query named \"" + name + '"')
                    .note("why", "it was saved by " + existing.savedBy() + " at " + existing.savedAt())
                    .note("try", "rf query describe " + name)
                    .note("try", "--replace, or another name");
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                update sqlonfhir.saved_query
                   set kind = ?, definition = ?, description = coalesce(?, description), saved_by = session_user,
                       saved_at = clock_timestamp()
                 where name = ?
                """)) {
            statement.setString(1, entry.kind());
            statement.setString(2, definition);
            statement.setString(3, description.orElse(null));
            statement.setString(4, name);
            statement.executeUpdate();
            return Saving.REPLACED;
        }
    }

    private static int insert(Connection connection, Entry entry) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into sqlonfhir.saved_query (name, kind, definition, description) values (?, ?, ?, ?)
                on conflict (name) do nothing
                """)) {
            statement.setString(1, entry.name());
            statement.setString(2, entry.kind());
            statement.setString(3, entry.definition());
            statement.setString(4, entry.description().orElse(null));
            return statement.executeUpdate();
        }
    }

    /** All of them, by name. */
    public List<SavedQuery> all() {
        return connected(connection ->
                SavedQueryTable.exists(connection) ? query(connection, " order by name collate \"C\"") : List.of());
    }

    /** The one of that name, if there is one. */
    public Optional<SavedQuery> find(String name) {
        return connected(connection -> SavedQueryTable.exists(connection)
                ? query(connection, " where name = ?", name).stream().findFirst()
                : Optional.empty());
    }

    /**
     * The one of that name.
     *
     * @throws Failure if there is none
     */
    public SavedQuery named(String name) {
        return find(name).orElseThrow(() -> unknown(name));
    }

    /**
     * Forgets the one of that name.
     *
     * @throws Failure if there is none
     */
    public void delete(String name) {
        named(name);
        connected(connection -> Transactions.write(connection, _ -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("delete from sqlonfhir.saved_query where name = ?")) {
                statement.setString(1, name);
                return statement.executeUpdate();
            }
        }));
    }

    private Failure unknown(String name) {
        Failure failure = Failure.usage("no saved query named \"" + name + '"');
        Suggestion.nearest(name, all().stream().map(SavedQuery::name).toList())
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near), () -> failure.note("try", "rf query list"));
        return failure;
    }

    private static List<SavedQuery> query(Connection connection, String rest, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS + rest)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                List<SavedQuery> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new SavedQuery(
                            row.getString("name"),
                            row.getString("kind"),
                            row.getString("definition"),
                            Optional.ofNullable(row.getString("description")),
                            row.getString("saved_by"),
                            row.getObject("saved_at", OffsetDateTime.class).toInstant()));
                }
                return found;
            }
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
