package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;

/** The table of the questions that people keep by name. */
public final class SavedQueryTable {

    /** Creates it. */
    static final String CREATION = """
            create table if not exists sqlonfhir.saved_query (
              name text primary key,
              kind text not null,
              definition text not null,
              description text,
              saved_by text not null default session_user,
              saved_at timestamptz not null default clock_timestamp()
            );
            alter table sqlonfhir.saved_query drop constraint if exists saved_query_kind_check;
            comment on table sqlonfhir.saved_query is 'Questions by name: run them with rf query run NAME';
            """;

    private SavedQueryTable() {}

    /** Whether it is there. */
    public static boolean exists(Connection connection) throws SQLException {
        return CatalogTables.has(connection, "saved_query");
    }

    /**
     * Creates it with all that belongs to it, if it is missing.
     *
     * @throws org.researchflow.rf.Failure with the GRANT, if the role may not
     */
    public static void require(Connection connection) throws SQLException {
        if (!exists(connection)) {
            CatalogTables.create(connection);
        }
    }
}
