package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.InputChecks;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.source.HapiResources;
import org.researchflow.rf.source.ResourceStore;
import org.researchflow.rf.source.ResourceTable;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.sql.Reading;

/**
 * The settings that change a view's rows, and therefore belong to its definition's hash.
 *
 * @param source where the resources live
 * @param hapiSchema the schema of HAPI's tables
 * @param serverZone the time zone of the HAPI server's JVM
 * @param fhirVersion the release of FHIR that the resources follow
 * @param reading how views read them
 */
public record SourceSettings(
        SourceName source, String hapiSchema, ZoneId serverZone, FhirVersion fhirVersion, Reading reading) {

    private static final String LOADED = ", resources of rf load";

    /** For resources in a HAPI server's tables. */
    public SourceSettings(String hapiSchema, ZoneId serverZone, FhirVersion fhirVersion) {
        this(SourceName.HAPI, hapiSchema, serverZone, fhirVersion, Reading.STRICT);
    }

    /**
     * The same with the source that is there, if none is named. Where there is none at all, HAPI's tables are meant:
     * whoever needs them says that they are missing.
     *
     * @throws Failure if both are there
     */
    public SourceSettings on(Connection connection) throws SQLException {
        if (source != SourceName.AUTO) {
            return this;
        }
        return on(Inventory.of(connection, hapiSchema));
    }

    /** The same where it is known what there is. */
    public SourceSettings on(Inventory inventory) {
        if (source != SourceName.AUTO) {
            return this;
        }
        if (!inventory.loaded()) {
            return from(SourceName.HAPI);
        }
        if (!inventory.hapi()) {
            return from(SourceName.RESOURCES);
        }
        throw Failure.usage("this database holds a HAPI server's tables and resources of rf load as well")
                .note("try", "--source hapi          or   RF_SOURCE=hapi")
                .note("try", "--source resources     or   RF_SOURCE=resources");
    }

    /** The same for resources from there. */
    public SourceSettings from(SourceName one) {
        return new SourceSettings(one, hapiSchema, serverZone, fhirVersion, reading);
    }

    /** The resources that they name; a {@link Failure} when there are none. */
    public Resources resources(Connection connection) throws SQLException {
        if (reading.lenient()) {
            InputChecks.require(connection);
        }
        return switch (source) {
            case AUTO -> on(connection).resources(connection);
            case HAPI -> HapiResources.open(connection, hapiSchema, serverZone).under(reading.serverBase());
            case RESOURCES -> {
                if (!ResourceStore.isIn(connection)) {
                    throw Failure.usage("no resources are loaded in this database")
                            .note("why", "there is no table rf.resource")
                            .note("try", "rf load FOLDER");
                }
                yield new ResourceTable(reading.serverBase());
            }
        };
    }

    /** Whether settings that the catalog keeps are of the other source: that is no setting that somebody mended. */
    boolean areOfAnotherSource(String kept) {
        return kept.contains(LOADED) != (source == SourceName.RESOURCES);
    }

    /** What decides how the resources themselves look, once it is known which source is meant. */
    public String ofResources() {
        return switch (source) {
            case AUTO -> throw new IllegalStateException("the source is not known yet");
            case HAPI -> "HAPI schema " + hapiSchema + ", server time zone " + serverZone.normalized();
            case RESOURCES -> "resources of rf load";
        };
    }

    /** As the catalog keeps them, once it is known which source is meant. */
    String text() {
        return "FHIR " + fhirVersion
                + switch (source) {
                    case AUTO -> throw new IllegalStateException("the source is not known yet");
                    case HAPI -> ", HAPI schema " + hapiSchema + ", server time zone " + serverZone;
                    case RESOURCES -> LOADED;
                }
                + reading.differences();
    }
}
