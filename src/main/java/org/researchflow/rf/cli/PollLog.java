package org.researchflow.rf.cli;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.speed.FeedPoller;
import org.researchflow.rf.speed.Poller;
import org.researchflow.rf.speed.Round;

/** What a poller says of its rounds: one line each, and a file that holds the last of them. */
final class PollLog {

    private final Invocation rf;
    private final ServiceLog log;
    private final HealthFile health;
    private final PollMetrics metrics;
    private long rounds;
    private boolean warned;

    PollLog(Invocation rf, HealthFile health, PollMetrics metrics) {
        this.rf = rf;
        this.log = new ServiceLog(rf, "poll", ChronoUnit.MILLIS);
        this.health = health;
        this.metrics = metrics;
    }

    /** How many rounds reached the database and Redis. */
    long rounds() {
        return rounds;
    }

    void round(Round round) {
        rounds++;
        metrics.round(round);
        switch (round) {
            case Round.StoodBy(String why) -> {
                Map<String, @Nullable Object> line = line("standby");
                line.put("why", why);
                print(line);
            }
            case Round.Polled polled -> {
                Map<String, @Nullable Object> line = line("round");
                line.put("asOf", polled.asOf());
                line.put("resources", polled.resources());
                line.put("tombstones", polled.tombstones());
                line.put("unreadable", polled.unreadable());
                line.put("known", polled.known());
                line.put("sweepMs", polled.sweep().toMillis());
                line.put("seconds", polled.took().toMillis() / 1000.0);
                polled.restarted().ifPresent(why -> line.put("restarted", why));
                print(line);
            }
        }
    }

    /** A round, as something that is waited for. */
    Round polled(Poller poller) throws InterruptedException {
        try (Progress.Wait _ = rf.progress().waitFor("Reading what changed")) {
            return poller.poll();
        }
    }

    /** What a FHIR server tells before the round. */
    void brought(FeedPoller feed) throws InterruptedException {
        FeedPoller.Brought brought = read(feed);
        metrics.brought(brought);
        Map<String, @Nullable Object> line = line("read");
        line.put("added", brought.written().added());
        line.put("changed", brought.written().changed());
        line.put("deleted", brought.written().deleted());
        line.put("known", brought.written().unchanged());
        line.put("rejected", brought.rejected());
        print(line);
        if (!warned && (brought.rejected() > 0 || !brought.silent().isEmpty())) {
            warned = true;
            if (brought.rejected() > 0) {
                rf.messages()
                        .warning(brought.rejected() + " entries of the FHIR server hold nothing that can be stored");
            }
            if (!brought.silent().isEmpty()) {
                rf.messages()
                        .warning("the FHIR server does not tell what is deleted: "
                                + String.join(", ", brought.silent()));
            }
        }
    }

    private FeedPoller.Brought read(FeedPoller feed) throws InterruptedException {
        try (Progress.Wait _ = rf.progress().waitFor("Asking the FHIR server what changed")) {
            return feed.poll();
        }
    }

    /** The round did not take place. */
    void lost(Failure failure, Duration next) {
        metrics.lost();
        Map<String, @Nullable Object> line = line("lost");
        line.put("error", failure.what());
        failure.notes().getOrDefault("why", List.of()).stream().findFirst().ifPresent(why -> line.put("why", why));
        line.put("retrySeconds", next.toMillis() / 1000.0);
        print(line);
    }

    /**
     * A FHIR server may say that something changed.
     *
     * @param registered how many Subscriptions were registered for that; empty where somebody has to do it
     * @param subscriptions what is to be registered
     */
    void listening(URI endpoint, OptionalInt registered, List<Map<String, @Nullable Object>> subscriptions) {
        Map<String, @Nullable Object> line = line("listening");
        line.put("endpoint", endpoint.toString());
        registered.ifPresent(count -> line.put("registered", count));
        String text = ServiceLog.text(line);
        if (registered.isEmpty()) {
            line.put("subscriptions", subscriptions);
            rf.messages().remark("Subscriptions for the FHIR server, with the secret in the place of SECRET:");
            subscriptions.forEach(subscription -> rf.messages().remark(JsonText.of(subscription)));
        }
        print(line, text);
    }

    void stopped() {
        print(line("stopped"));
    }

    private Map<String, @Nullable Object> line(String event) {
        return log.line(event, rounds);
    }

    private void print(Map<String, @Nullable Object> line) {
        print(line, ServiceLog.text(line));
    }

    private void print(Map<String, @Nullable Object> line, String text) {
        try {
            health.write(line);
        } catch (IOException e) {
            rf.messages().warning("cannot write --health-file", "why: " + e.getMessage());
        }
        log.print(line, text);
    }
}
