package org.researchflow.rf.batch;

import java.time.ZoneId;
import org.researchflow.rf.fhir.FhirVersion;

/**
 * The settings that change a view's rows, and therefore belong to its definition's hash.
 *
 * @param hapiSchema the schema of HAPI's tables
 * @param serverZone the time zone of the HAPI server's JVM
 * @param fhirVersion the release of FHIR that the resources follow
 */
public record SourceSettings(String hapiSchema, ZoneId serverZone, FhirVersion fhirVersion) {

    /** As the catalog keeps them. */
    String text() {
        return "FHIR " + fhirVersion + ", HAPI schema " + hapiSchema + ", server time zone " + serverZone;
    }
}
