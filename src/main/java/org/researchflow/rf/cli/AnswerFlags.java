package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.serving.Freshness;
import org.researchflow.rf.serving.Newer;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.ServingOptions;
import org.researchflow.rf.serving.SpeedSide;
import picocli.CommandLine.Option;

/** The options that say what an answer has to be: the exit code is 4 when it is not, and it is printed all the same. */
final class AnswerFlags implements PlainOptions {

    @Option(
            names = "--require-complete",
            description = "End with 4 if the answer is not complete as of one moment; it is printed all the same.")
    private boolean complete;

    @Option(
            names = "--trust-overlap",
            description = "With --require-complete: take a FHIR server's changes over REST for complete, since each"
                    + " round begins some time before the last one ended.")
    private boolean trusting;

    @Option(
            names = "--max-staleness",
            paramLabel = "TIME",
            description =
                    "End with 4 if the answer is of a moment longer ago than this: 30s, 5m, 24h. A speed layer that"
                            + " is further behind is not used.")
    private @Nullable String staleness;

    @Option(names = "--require-speed", description = "End with 4 if the speed layer took no part in the answer.")
    private boolean speed;

    @Override
    public void fill(PlainLine line) {
        complete = line.flag("--require-complete");
        trusting = line.flag("--trust-overlap");
        staleness = line.value("--max-staleness");
        speed = line.flag("--require-speed");
    }

    /** How answers are looked for. */
    ServingOptions options(Configuration configuration, SpeedSide configured) {
        ServingOptions options = ServingOptions.DEFAULT.withSpeed(
                configuration.isOn(ConfigKey.USE_SPEED_LAYER) ? configured : new SpeedSide.Off());
        ServingOptions fresh =
                limit().map(Freshness::new).map(options::withFreshness).orElse(options);
        return configuration.isOn(ConfigKey.QUERY_LOG) ? fresh : fresh.unlogged();
    }

    private Optional<Duration> limit() {
        return Optional.ofNullable(staleness).map(text -> TimeText.parse("--max-staleness", text));
    }

    /**
     * Checks an answer that was printed.
     *
     * @throws Failure if it is not as it has to be
     */
    void require(Relations relations, Instant now) {
        if (complete && !relations.complete()) {
            throw unmet("the answer is not complete")
                    .note(
                            "why",
                            relations.warnings().isEmpty()
                                    ? "see above"
                                    : relations.warnings().getFirst())
                    .note("from", "--require-complete");
        }
        if (complete && !trusting && relations.extent().overlap().isPresent()) {
            throw unmet("the answer is not proven to be complete")
                    .note("why", "the FHIR server told its changes over REST, which says nothing of their order")
                    .note("try", "--trust-overlap");
        }
        if (limit().isPresent() && relations.asOf().isBefore(now.minus(limit().get()))) {
            throw unmet("the answer is as of " + relations.asOf())
                    .note("from", "--max-staleness " + staleness)
                    .note("try", "rf views refresh-all");
        }
        if (speed && relations.newer().from() != Newer.Place.REDIS) {
            throw unmet("the speed layer took no part in the answer").note("from", "--require-speed");
        }
    }

    private static Failure unmet(String what) {
        return Failure.of(Failure.Kind.CHECK, what);
    }
}
