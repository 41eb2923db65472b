package org.researchflow.rf;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Restores a dump over JDBC, for servers without psql: large objects and COPY blocks included. */
final class DumpReplay implements PgDump.Parts {

    private final Connection connection;
    private final CopyManager copies;

    /** The connection is in auto-commit mode and is left with the dump's session settings. */
    DumpReplay(Connection connection) throws SQLException {
        this.connection = connection;
        this.copies = connection.unwrap(PGConnection.class).getCopyAPI();
    }

    @Override
    public void statement(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Nothing in a dump is a parameter, whatever it looks like.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    @Override
    public void copy(String sql, InputStream rows) throws SQLException, IOException {
        copies.copyIn(sql, rows, 1 << 16);
    }
}
