package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.source.HapiResources;
import org.researchflow.rf.source.Resources;

/**
 * The settings that change a view's rows, and therefore belong to its definition's hash.
 *
 * @param hapiSchema the schema of HAPI's tables
 * @param serverZone the time zone of the HAPI server's JVM
 * @param fhirVersion the release of FHIR that the resources follow
 */
public record SourceSettings(String hapiSchema, ZoneId serverZone, FhirVersion fhirVersion) {

    /** The resources that they name; a {@link org.researchflow.rf.Failure} when there are none. */
    public Resources resources(Connection connection) throws SQLException {
        return HapiResources.open(connection, hapiSchema, serverZone);
    }

    /** As the catalog keeps them. */
    String text() {
        return "FHIR " + fhirVersion + ", HAPI schema " + hapiSchema + ", server time zone " + serverZone;
    }
}
