package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.Optional;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ServerZone;

/** The warning that the HAPI server's times seem to be read in the wrong time zone. */
final class ServerClock {

    private ServerClock() {}

    /** How far ahead it is, if that is more than two clocks differ by. */
    static Optional<Duration> ahead(Batch batch) {
        return batch.ahead().filter(ServerZone::isWrong);
    }

    static void warn(Invocation rf, Batch batch, Duration ahead) {
        String more = ServerZone.fitting(
                        batch.settings().serverZone(), ahead, rf.clock().instant())
                .map(offset -> "try: --hapi-time-zone " + offset
                        + ", or the zone's name if that is what the server runs in   (RF_HAPI_TIME_ZONE)")
                .orElse("try: --hapi-time-zone, or RF_HAPI_TIME_ZONE");
        rf.messages()
                .warning(
                        "the newest resource was written " + Wording.roughly(ahead) + " in the future",
                        "why: HAPI writes times in its server's time zone, and rf reads them in "
                                + batch.settings().serverZone(),
                        more);
    }
}
