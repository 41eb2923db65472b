package org.researchflow.rf.acceptance;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** The database that HAPI 8.8.0 wrote, with all views of the pack created by {@code rf views create-all}. */
final class Hapi {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static @Nullable TestDatabase template;

    private Hapi() {}

    /** A new copy; the views are created once, copying is cheap. */
    static synchronized TestDatabase withViews() throws SQLException {
        if (template == null) {
            TestDatabase created = TestPostgres.hapi880();
            // A server that has been running for a while has statistics; a restored dump has none yet.
            created.execute("analyze");
            Rf.on(created).run("views", "create-all").done();
            template = created;
        }
        TestDatabase from = template;
        String name = "rf_accept_" + NUMBER.incrementAndGet();
        from.as("postgres", from.user(), from.password())
                .execute("create database " + name + " template " + from.database());
        TestDatabase copy = from.as(name, from.user(), from.password());
        // A copied database is another one; this one's transactions are the same server's.
        copy.execute("""
                update sqlonfhir.materialized_view_metadata
                   set origin = regexp_replace(origin, 'database [0-9]+', 'database ' || (
                         select oid from pg_database where datname = current_database()))
                """);
        return copy;
    }

    /** The rows of a query, each as the text that PostgreSQL gives for its columns, in a row. */
    static List<List<@Nullable String>> rows(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet found = statement.executeQuery(sql)) {
                List<List<@Nullable String>> rows = new ArrayList<>();
                int columns = found.getMetaData().getColumnCount();
                while (found.next()) {
                    List<@Nullable String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(found.getString(i));
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }

    /** The first column of a query's rows. */
    static List<@Nullable String> column(TestDatabase database, String sql) throws SQLException {
        List<@Nullable String> column = new ArrayList<>();
        rows(database, sql).forEach(row -> column.add(row.getFirst()));
        return column;
    }
}
