package org.researchflow.rf.cli;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.sql.Reading;

/**
 * How resources are to be read, as configured.
 *
 * @param configuration what everybody says
 */
record SourceConfiguration(Configuration configuration) {

    SourceSettings settings() {
        return new SourceSettings(name(), hapiSchema(), hapiTimeZone(), FhirVersion.R4, reading());
    }

    private SourceName name() {
        ConfigValue value = configuration.require(ConfigKey.SOURCE);
        if (!ConfigKey.SOURCE.form().fits(value.text())) {
            throw Failure.usage("no source named \"" + Printable.line(value.text()) + '"')
                    .note("from", value.origin())
                    .note("try", ConfigKey.SOURCE.form().inWords());
        }
        return SourceName.valueOf(value.text().toUpperCase(Locale.ROOT));
    }

    String hapiSchema() {
        return configuration.require(ConfigKey.HAPI_SCHEMA).text();
    }

    ZoneId hapiTimeZone() {
        ConfigValue zone = configuration.require(ConfigKey.HAPI_TIME_ZONE);
        try {
            return ZoneId.of(zone.text());
        } catch (DateTimeException e) {
            Failure failure = Failure.usage("no time zone named \"" + Printable.line(zone.text()) + '"')
                    .note("from", zone.origin())
                    .note("try", "a name such as Europe/Paris or America/New_York, or an offset such as +02:00");
            Suggestion.nearest(zone.text(), ZoneId.getAvailableZoneIds())
                    .ifPresent(near -> failure.note("did you mean", near));
            throw failure.causedBy(e);
        }
    }

    private Reading reading() {
        return new Reading(
                configuration.isOn(ConfigKey.LENIENT),
                configuration.get(ConfigKey.SERVER_BASE_URL).map(SourceConfiguration::serverBase));
    }

    private static String serverBase(ConfigValue url) {
        if (!ConfigKey.SERVER_BASE_URL.form().fits(url.text())) {
            throw Failure.usage("the server's base URL is not an absolute URL")
                    .note("why", "one begins with http:// or https://, and has no user, query or fragment")
                    .note("from", url.origin())
                    .note("try", "an absolute one such as https://fhir.example.org/fhir");
        }
        return url.text().endsWith("/") ? url.text() : url.text() + '/';
    }
}
