package org.researchflow.rf.batch;

import java.time.ZoneOffset;
import java.util.Optional;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.fhir.FhirVersion;

/** The batch layer of a test's database. */
final class BatchFixture {

    private BatchFixture() {}

    static Batch batch(TestDatabase database) {
        return new Batch(
                new Database(ConnectionSettings.of(
                        new Address(database.host(), database.port()),
                        database.database(),
                        database.user(),
                        Optional.of(database.password()),
                        "the test")),
                new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4));
    }
}
