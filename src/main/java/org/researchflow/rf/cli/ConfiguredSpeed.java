package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.serving.SpeedSide;
import org.researchflow.rf.speed.Circuit;
import org.researchflow.rf.speed.CircuitBreaker;
import org.researchflow.rf.speed.RedisReader;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.SpeedLayer;

/** The speed layer of a command that asks questions, as configured; connected when it is first asked. */
final class ConfiguredSpeed implements AutoCloseable {

    private final Invocation rf;
    private final Optional<RedisSettings> redis;
    private final List<RedisReader> readers = new ArrayList<>();

    private ConfiguredSpeed(Invocation rf, Optional<RedisSettings> redis) {
        this.rf = rf;
        this.redis = redis;
    }

    static ConfiguredSpeed of(Invocation rf) {
        return new ConfiguredSpeed(rf, RedisPlace.find(rf));
    }

    SpeedSide side() {
        return redis.<SpeedSide>map(place -> new SpeedSide.Present(settings -> layer(place, settings), isExpected()))
                .orElseGet(SpeedSide.Absent::new);
    }

    /** The sandbox has a Redis into which perhaps nothing polls. */
    private boolean isExpected() {
        return !rf.options().sandbox()
                && rf.configuration().get(ConfigKey.REDIS_URL).isPresent();
    }

    private SpeedLayer layer(RedisSettings place, SourceSettings settings) {
        RedisReader reader = RedisReader.of(place, settings.ofResources());
        readers.add(reader);
        return new CircuitBreaker(reader, Circuit.of(place, rf.environment().stateFolder(), rf.clock()));
    }

    @Override
    public void close() {
        readers.forEach(RedisReader::close);
    }
}
