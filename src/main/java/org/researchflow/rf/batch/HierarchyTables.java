package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The tables of the codes that lie below others. */
public final class HierarchyTables {

    /** Creates them. */
    static final String CREATION = """
            create table if not exists sqlonfhir.code_hierarchy_concept (
              system text not null,
              code text not null,
              primary key (system, code)
            );
            create table if not exists sqlonfhir.code_hierarchy_parent (
              system text not null,
              parent text not null,
              code text not null,
              primary key (system, parent, code)
            );
            create table if not exists sqlonfhir.code_hierarchy (
              system text primary key,
              version text,
              codes bigint not null,
              links bigint not null,
              digest text not null,
              loaded_by text not null default session_user,
              loaded_at timestamptz not null default clock_timestamp()
            );
            comment on table sqlonfhir.code_hierarchy is 'Code systems of which rf knows what is below what: rf terminology load';
            """;

    private HierarchyTables() {}

    /** Whether they are there. */
    public static boolean exist(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("select to_regclass('sqlonfhir.code_hierarchy') is not null");
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * Creates them with all that belongs to them, if they are missing.
     *
     * @throws org.researchflow.rf.Failure with the GRANT, if the role may not
     */
    public static void require(Connection connection) throws SQLException {
        if (!exist(connection)) {
            CatalogTables.create(connection);
        }
    }
}
