package org.researchflow.rf.speed;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What became of one round of a poller. */
public sealed interface Round {

    /**
     * Redis holds all changes up to a moment.
     *
     * @param asOf everything committed before it is there
     * @param resources live ones that were written
     * @param tombstones of deleted ones that were written
     * @param unreadable live ones whose bodies cannot be read
     * @param known those that were found again, and were there already
     * @param restarted why the coverage begins anew; empty where it goes on
     * @param sweep how long finding them took
     * @param took all in all
     */
    record Polled(
            Instant asOf,
            long resources,
            long tombstones,
            long unreadable,
            long known,
            Optional<String> restarted,
            Duration sweep,
            Duration took)
            implements Round {}

    /** Somebody else polls, or polled at the same moment. */
    record StoodBy(String why) implements Round {}
}
