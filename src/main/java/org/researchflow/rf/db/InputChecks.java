package org.researchflow.rf.db;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import org.researchflow.rf.Failure;

/** PostgreSQL's answer to the question whether a text is valid input for a type, which it gives since version 16. */
public final class InputChecks {

    private static final int SINCE = 16;

    private InputChecks() {}

    /** Refuses to read leniently where PostgreSQL cannot answer it. */
    public static void require(Connection connection) throws SQLException {
        DatabaseMetaData server = connection.getMetaData();
        if (server.getDatabaseMajorVersion() < SINCE) {
            throw Failure.usage("--lenient needs PostgreSQL " + SINCE + " or later")
                    .note(
                            "why",
                            "this server is PostgreSQL " + server.getDatabaseProductVersion()
                                    + ", which has no function pg_input_is_valid")
                    .note("try", "without --lenient and RF_LENIENT, values that do not fit set their resource aside");
        }
    }
}
