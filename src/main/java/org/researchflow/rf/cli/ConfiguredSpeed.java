package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.SpeedSide;
import org.researchflow.rf.speed.Circuit;
import org.researchflow.rf.speed.CircuitBreaker;
import org.researchflow.rf.speed.RedisConnecting;
import org.researchflow.rf.speed.RedisReader;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.SpeedLayer;

/** The speed layer of a command that asks questions, as configured; connected when it is first asked, or ahead of that. */
final class ConfiguredSpeed implements AutoCloseable {

    private final Invocation rf;
    private final Optional<RedisSettings> redis;
    private final List<RedisReader> readers = new ArrayList<>();

    private final AtomicReference<@Nullable RedisConnecting> ahead = new AtomicReference<>();

    private ConfiguredSpeed(Invocation rf, Optional<RedisSettings> redis) {
        this.rf = rf;
        this.redis = redis;
    }

    /** One for a single question of this runner, which will ask: it connects while PostgreSQL is connected to. */
    static ConfiguredSpeed ahead(Invocation rf, RunnerName runner) {
        ConfiguredSpeed speed = of(rf);
        if (runner == RunnerName.HYBRID || runner == RunnerName.SPEED) {
            speed.redis
                    .filter(place -> speed.circuit(place).openUntil().isEmpty())
                    .ifPresent(place -> speed.ahead.set(RedisConnecting.begin(place)));
        }
        return speed;
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
        @Nullable RedisConnecting begun = ahead.getAndSet(null);
        RedisReader reader = begun == null
                ? RedisReader.of(place, settings.ofResources())
                : RedisReader.over(begun, place, settings.ofResources());
        readers.add(reader);
        return new CircuitBreaker(reader, circuit(place));
    }

    private Circuit circuit(RedisSettings place) {
        return Circuit.of(place, rf.environment().stateFolder(), rf.clock());
    }

    @Override
    public void close() {
        readers.forEach(RedisReader::close);
        @Nullable RedisConnecting begun = ahead.getAndSet(null);
        if (begun != null) {
            begun.close();
        }
    }
}
