package org.researchflow.rf.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * The bundled data: synthetic patients of Synthea as a HAPI FHIR 8.8.0 server stored them, in a dump of its own
 * tables.
 */
final class Sample {

    static final String CONTENTS = "131 synthetic patients, 4 704 conditions, 15 605 observations";

    private static final String DUMP = "/sample/hapi-sample.sql.gz";

    private Sample() {}

    static boolean isLoaded(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select to_regclass('public.hfj_resource') is not null")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /** Loads all of it or nothing, in one transaction; tables, rows and indexes. */
    static void load(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (InputStream dump =
                new GZIPInputStream(Objects.requireNonNull(Sample.class.getResourceAsStream(DUMP), DUMP), 1 << 16)) {
            PgDump.read(dump, new DumpReplay(connection));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("analyze");
        }
        connection.commit();
    }
}
