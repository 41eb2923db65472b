package org.researchflow.rf.speed;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * A speed layer that is not asked again for a minute after it did not answer, even by other processes: a dead Redis costs
 * one short wait a minute, and not one a query.
 *
 * @param inner which is asked
 * @param circuit that remembers until when it is not
 */
public record CircuitBreaker(SpeedLayer inner, Circuit circuit) implements SpeedLayer {

    @Override
    public RecentChanges read(Map<String, Long> since) throws NotCoveredException {
        return guarded(() -> inner.read(since));
    }

    @Override
    public RecentChanges read(Map<String, Long> since, Collection<KeptRows> views) throws NotCoveredException {
        return guarded(() -> inner.read(since, views));
    }

    @FunctionalInterface
    private interface Reading {
        RecentChanges done() throws NotCoveredException;
    }

    private RecentChanges guarded(Reading reading) throws NotCoveredException {
        Optional<Instant> until = circuit.openUntil();
        if (until.isPresent()) {
            throw NotCoveredException.unreachable(
                    "Redis did not answer lately; it is tried again after " + until.get());
        }
        try {
            return reading.done();
        } catch (NotCoveredException e) {
            if (e.isUnreachable()) {
                circuit.open();
            }
            throw e;
        }
    }
}
