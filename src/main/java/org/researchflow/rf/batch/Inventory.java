package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.researchflow.rf.source.HapiSchema;
import org.researchflow.rf.source.ResourceStore;

/**
 * What a database has that rows can come from, as one statement found it.
 *
 * @param catalog whether there is one that can be read
 * @param mayRead whether this role may look into it, if there is one
 * @param hapi whether the schema that is asked about holds HAPI's tables
 * @param loaded whether there is rf's own resource table
 */
public record Inventory(boolean catalog, boolean mayRead, boolean hapi, boolean loaded) {

    private static final String QUERY = "select " + CatalogTables.READABLE + ", " + CatalogTables.MAY_READ + ", "
            + HapiSchema.PRESENT + ", " + ResourceStore.PRESENT;

    /** Looks once. */
    public static Inventory of(Connection connection, String hapiSchema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, hapiSchema);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Inventory(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3), row.getBoolean(4));
            }
        }
    }

    /** Every view that people can read, by name; a missing right is PostgreSQL's to tell. */
    public Catalog.Published views(Connection connection) throws SQLException {
        return catalog ? Catalog.published(connection) : Catalog.Published.NONE;
    }
}
