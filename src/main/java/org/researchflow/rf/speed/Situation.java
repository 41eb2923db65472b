package org.researchflow.rf.speed;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.source.Sweep;

/**
 * What a poller finds in Redis.
 *
 * @param hash in the place of the coverage
 * @param now by Redis' clock
 * @param source what decides how resources look to this poller
 */
record Situation(Map<String, String> hash, Instant now, String source) {

    /** What somebody else wrote so lately is not overwritten by a poller of another source. */
    private static final Duration RECENT = Duration.ofMinutes(1);

    /** Clocks are set right by as much without anything being wrong. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    Situation {
        hash = Map.copyOf(hash);
    }

    Optional<StoredCoverage> coverage() {
        return StoredCoverage.parse(hash);
    }

    /** Who else is at it, in words. */
    Optional<String> inTheWay(String poller, boolean service) {
        Optional<String> filling = Optional.ofNullable(hash.get(StoredCoverage.FILLING));
        if (filling.isPresent()) {
            return filling.filter(round -> !round.startsWith(poller)).map(_ -> "another poller fills the store");
        }
        Optional<StoredCoverage> coverage = coverage();
        if (coverage.isEmpty()) {
            return Optional.empty();
        }
        Optional<StoredCoverage.Holder> holder = coverage.get()
                .holder()
                .filter(other -> !other.name().equals(poller) && other.until().isAfter(now));
        if (service && holder.isPresent()) {
            return Optional.of("another poller is at work");
        }
        return !coverage.get().source().equals(source) && isRecent(coverage.get())
                ? Optional.of(OTHER_INSTALLATION)
                : Optional.empty();
    }

    private static final String OTHER_INSTALLATION =
            "another poller, of another database or with other settings, uses this Redis (--redis-prefix tells them apart)";

    /** The same, once it is known which database this one is. */
    Optional<String> inTheWay(SourceState state) {
        return coverage()
                .filter(other -> !database(other.origin()).equals(database(state.origin())) && isRecent(other))
                .map(_ -> OTHER_INSTALLATION);
    }

    private boolean isRecent(StoredCoverage coverage) {
        return coverage.written().plus(RECENT).isAfter(now);
    }

    /** A database that failed over is the same one on another timeline. */
    private static String database(String origin) {
        return origin.replaceFirst("timeline [0-9]+", "");
    }

    /** Why it is not possible to go on from there; empty where it is. */
    Optional<String> broken(SourceState state) {
        Optional<StoredCoverage> coverage = coverage();
        if (coverage.isEmpty()) {
            return Optional.of("Redis held no coverage");
        }
        StoredCoverage before = coverage.get();
        if (!before.source().equals(source)) {
            return Optional.of("the source is read with other settings");
        }
        if (!before.origin().equals(state.origin())) {
            return Optional.of("the database was restored, upgraded or failed over");
        }
        if (!Sweep.reaches(state, before.to().oldest())
                || Long.compareUnsigned(before.to().next(), state.nextTransaction()) > 0) {
            return Optional.of("transaction ids went backwards, or far ahead");
        }
        if (before.written().isAfter(now.plus(TOLERANCE))) {
            return Optional.of("Redis' clock went backwards");
        }
        return Optional.empty();
    }

    /** Why it is not possible to go on at that moment of the database's clock. */
    Optional<String> broken(Instant asOf) {
        return coverage()
                .filter(before -> before.asOf().isAfter(asOf.plus(TOLERANCE)))
                .map(_ -> "the database's clock went backwards");
    }
}
