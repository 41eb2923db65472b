package org.researchflow.rf.batch;

import java.time.ZoneOffset;
import java.util.Optional;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.source.SourceName;

/** The batch layer of a test's database. */
public final class BatchFixture {

    private BatchFixture() {}

    public static Batch batch(TestDatabase database) {
        return new Batch(at(database), new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4));
    }

    /** The same over what was loaded. */
    static Batch ofLoaded(TestDatabase database) {
        return new Batch(
                at(database), new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4).from(SourceName.RESOURCES));
    }

    private static Database at(TestDatabase database) {
        return new Database(ConnectionSettings.of(
                new Address(database.host(), database.port()),
                database.database(),
                database.user(),
                Optional.of(database.password()),
                "the test"));
    }
}
