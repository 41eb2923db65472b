package org.researchflow.rf.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.researchflow.rf.speed.FeedPoller;
import org.researchflow.rf.speed.RedisFigures;
import org.researchflow.rf.speed.Round;

/** A poller and its Redis as metrics, in a file of their own: what it did since it began, and how it is now. */
final class PollMetrics {

    /** Nobody reads the file more often than every few seconds. */
    private static final Duration PACE = Duration.ofSeconds(5);

    private final Invocation rf;
    private final Optional<WholeFile> file;
    private Supplier<Optional<RedisFigures>> redis = Optional::empty;
    private Optional<Round.Polled> last = Optional.empty();
    private Optional<Instant> lastRound = Optional.empty();
    private Instant written = Instant.MIN;
    private boolean up = true;
    private boolean standby;
    private long rounds;
    private long lost;
    private long restarts;
    private long resources;
    private long tombstones;
    private long rejected;

    PollMetrics(Invocation rf, Optional<WholeFile> file) {
        this.rf = rf;
        this.file = file;
    }

    /** Asks this for the figures of Redis. */
    void asking(Supplier<Optional<RedisFigures>> figures) {
        redis = figures;
    }

    void round(Round round) {
        boolean news = !up || rounds == 0;
        up = true;
        rounds++;
        lastRound = Optional.of(rf.clock().instant());
        switch (round) {
            case Round.StoodBy _ -> standby = true;
            case Round.Polled polled -> {
                standby = false;
                last = Optional.of(polled);
                resources += polled.resources();
                tombstones += polled.tombstones();
                restarts += polled.restarted().isPresent() ? 1 : 0;
            }
        }
        if (news || !written.plus(PACE).isAfter(rf.clock().instant())) {
            write();
        }
    }

    void brought(FeedPoller.Brought brought) {
        rejected += brought.rejected();
    }

    void lost() {
        up = false;
        lost++;
        write();
    }

    private void write() {
        if (file.isEmpty()) {
            return;
        }
        written = rf.clock().instant();
        Metrics metrics = new Metrics();
        poller(metrics);
        Optional<RedisFigures> figures = redis.get();
        metrics.gauge("rf_redis_up", "1 when Redis answers.", figures.isPresent() ? "1" : "0");
        figures.ifPresent(found -> redis(metrics, found));
        try {
            file.get().write(metrics.text());
        } catch (IOException e) {
            rf.messages().warning("cannot write --metrics-file " + file.get().path(), "why: " + e.getMessage());
        }
    }

    private void poller(Metrics metrics) {
        metrics.gauge("rf_poll_metrics_timestamp_seconds", "When this was written.", Metrics.seconds(written))
                .gauge("rf_poll_up", "1 when the last round took place, 0 when it was lost.", up ? "1" : "0")
                .gauge("rf_poll_standby", "1 when another poller is at work.", standby ? "1" : "0");
        lastRound.ifPresent(at -> metrics.gauge(
                "rf_poll_round_timestamp_seconds",
                "When the last round that was not lost ended.",
                Metrics.seconds(at)));
        last.ifPresent(polled -> metrics.gauge(
                        "rf_poll_as_of_timestamp_seconds",
                        "The moment up to which Redis holds every change.",
                        Metrics.seconds(polled.asOf()))
                .gauge(
                        "rf_poll_round_duration_seconds",
                        "How long the last round took.",
                        Metrics.seconds(polled.took()))
                .gauge(
                        "rf_poll_sweep_duration_seconds",
                        "How long finding what changed took.",
                        Metrics.seconds(polled.sweep()))
                .gauge(
                        "rf_poll_unreadable",
                        "Changes whose bodies cannot be read.",
                        Long.toString(polled.unreadable())));
        metrics.counter("rf_poll_rounds_total", "Rounds since the poller began.", rounds)
                .counter("rf_poll_lost_rounds_total", "Rounds that did not take place.", lost)
                .counter("rf_poll_restarts_total", "How often what Redis holds had to begin anew.", restarts)
                .counter("rf_poll_resources_total", "Live resources that were written.", resources)
                .counter("rf_poll_tombstones_total", "Deleted resources that were written.", tombstones)
                .counter("rf_poll_rejected_total", "Entries of a FHIR server that could not be taken.", rejected);
    }

    private static void redis(Metrics metrics, RedisFigures figures) {
        metrics.gauge("rf_redis_memory_bytes", "Memory that Redis uses.", Long.toString(figures.memory()))
                .gauge(
                        "rf_redis_memory_limit_bytes",
                        "Its maxmemory; 0 when there is none.",
                        Long.toString(figures.memoryLimit()))
                .gauge("rf_redis_clients", "Connections to Redis.", Long.toString(figures.clients()))
                .counter("rf_redis_hits_total", "Look-ups of keys that were there.", figures.hits())
                .counter("rf_redis_misses_total", "Look-ups of keys that were not.", figures.misses())
                .counter("rf_redis_evicted_keys_total", "Keys thrown away for lack of memory.", figures.evicted())
                .counter("rf_redis_expired_keys_total", "Keys whose time was over.", figures.expired());
    }
}
