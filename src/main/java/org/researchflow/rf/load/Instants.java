package org.researchflow.rf.load;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** FHIR's instants: a date and time with its offset, in a year of four digits. Java knows others, PostgreSQL does not. */
public final class Instants {

    private Instants() {}

    /** The instant that a text means; empty where it is none. */
    public static Optional<Instant> parse(String text) {
        try {
            OffsetDateTime moment = OffsetDateTime.parse(text);
            return moment.getYear() > 0 && moment.getYear() < 10_000
                    ? Optional.of(moment.toInstant())
                    : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
