package org.researchflow.rf.acceptance;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** An empty database and a folder for files to load into it. */
abstract class LoadFixture {

    @TempDir
    Path folder;

    TestDatabase database;

    @BeforeEach
    void create() {
        database = TestPostgres.empty();
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    Ended rf(String... args) {
        return Rf.on(database).run(args);
    }

    /** How Bulk Data says that resources are deleted. */
    static String deletion(String... urls) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                + Stream.of(urls)
                        .map(url -> "{\"request\":{\"method\":\"DELETE\",\"url\":\"" + url + "\"}}")
                        .collect(Collectors.joining(","))
                + "]}";
    }
}
