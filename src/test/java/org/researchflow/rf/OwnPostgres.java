package org.researchflow.rf;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.researchflow.rf.sandbox.DumpReplay;
import org.researchflow.rf.sandbox.PgDump;

/** A PostgreSQL of a test's own with some of what HAPI 8.8.0 wrote, which can be stopped and started again. */
public final class OwnPostgres implements AutoCloseable {

    private final Path folder;
    private final int port;
    private EmbeddedPostgres server;

    private OwnPostgres(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
        this.port = server.getPort();
    }

    /**
     * Starts one.
     *
     * @param folder for its data
     */
    public static OwnPostgres start(Path folder) throws IOException, SQLException {
        OwnPostgres own = new OwnPostgres(folder, builder(folder).start());
        TestDatabase database = own.database();
        try (InputStream text = HapiDump.HAPI_880.excerpt();
                Connection connection = database.connect()) {
            PgDump.read(text, new DumpReplay(connection));
        }
        HapiWriter.prepare(database);
        return own;
    }

    public TestDatabase database() {
        return new TestDatabase("127.0.0.1", port, "postgres", "postgres", "everybody is trusted");
    }

    /** Ends all sessions and the server. */
    public void stop() throws IOException {
        server.close();
    }

    public void startAgain() throws IOException {
        server = builder(folder).setPort(port).start();
    }

    private static EmbeddedPostgres.Builder builder(Path folder) {
        return EmbeddedPostgres.builder().setDataDirectory(folder).setCleanDataDirectory(false);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
