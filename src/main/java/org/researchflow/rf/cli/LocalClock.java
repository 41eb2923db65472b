package org.researchflow.rf.cli;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** The time now where this process runs. Its zone is looked up when it is asked for, since that opens every jar. */
final class LocalClock extends Clock {

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public ZoneId getZone() {
        return ZoneId.systemDefault();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.system(zone);
    }
}
