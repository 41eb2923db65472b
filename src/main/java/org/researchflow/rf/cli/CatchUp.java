package org.researchflow.rf.cli;

import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.speed.Circuit;
import org.researchflow.rf.speed.Poller;
import org.researchflow.rf.speed.RedisSettings;

/**
 * A round of the poller on the way of a refresh, so that the views are not newer than what Redis has seen of the source.
 * It takes place only where something polls; where Redis does not answer in time, the refresh goes on without it.
 */
final class CatchUp {

    private final Invocation rf;
    private final Workplace workplace;

    CatchUp(Invocation rf, Workplace workplace) {
        this.rf = rf;
        this.workplace = workplace;
    }

    void run() {
        Optional<RedisSettings> redis =
                rf.configuration().isOn(ConfigKey.USE_SPEED_LAYER) ? RedisPlace.find(rf) : Optional.empty();
        if (redis.isEmpty()) {
            return;
        }
        Circuit circuit = Circuit.of(redis.get(), rf.environment().stateFolder(), rf.clock());
        if (circuit.openUntil().isPresent()) {
            return;
        }
        try (Poller poller = Poller.catchingUp(
                workplace.database(), workplace.settings(), redis.get(), RedisPlace.retention(rf.configuration()))) {
            poller.poll();
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.UNREACHABLE) {
                circuit.open();
            }
        }
    }
}
