package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.rest.FhirServer;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.speed.FeedPoller;
import org.researchflow.rf.speed.Poller;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.Retention;
import org.researchflow.rf.speed.Round;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rf poll-fhir}. */
@Command(
        description = {
            "Takes what changed in the FHIR server to Redis, so that answers are live.",
            "Changes come from the database, in the order of its commits: none is missed. Redis holds them for a day, and"
                    + " what they are complete for. Without --every it does one round; with it, it is a service: SIGTERM"
                    + " and Ctrl-C end it with 0, and when the database or Redis goes away, it tries again with growing"
                    + " pauses. Only the first round's failure ends it. A second poller stands by.",
            "Searching all resources takes about 80 ms a million. A service spends at most a tenth of its time on that,"
                    + " however short its rounds are to be.",
            "From the base URL of a FHIR server, changes go to rf's own table of resources first, as rf load's do. Over REST"
                    + " nothing proves their order: each round begins some time before the last one ended, and answers"
                    + " say that they rest on it."
        },
        footer = {
            "rf poll-fhir",
            "rf poll-fhir --every 1s --health-file /run/rf/poll.json",
            "rf poll-fhir --from https://fhir.example.org/fhir --token-file token",
            "rf poll-fhir --every 5s --keep 48h --keep Observation=6h"
        })
final class PollCommand implements Action {

    /** A tenth of the time at most goes into searching. */
    private static final int DUTY = 10;

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(10);

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            description =
                    "Where changes come from: db, the database of the FHIR server (default), or the base URL of any"
                            + " FHIR server.")
    private String from = "db";

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "Go on until it is stopped, with so much time from one round to the next.")
    private @Nullable String every;

    @Option(
            names = "--health-file",
            paramLabel = "FILE",
            description = "Write how the last round went, as JSON, for whoever watches over the service.")
    private @Nullable Path healthFile;

    @Mixin
    private FeedFlags feeding = new FeedFlags();

    @Mixin
    private KeepFlag keep = new KeepFlag();

    @Override
    public ExitCode run(Invocation rf) throws IOException, InterruptedException {
        boolean remote = from.startsWith("http://") || from.startsWith("https://");
        if (!remote && !from.equals("db")) {
            throw Failure.usage("changes cannot come from \"" + from + '"')
                    .note("try", "--from db")
                    .note("try", "--from https://fhir.example.org/fhir");
        }
        if (rf.output().format() == OutputFormat.CSV) {
            throw Failure.usage("rf poll-fhir prints lines or JSON, not csv").note("try", "-o ndjson");
        }
        Optional<Duration> pace = Optional.ofNullable(every).map(PollCommand::pace);
        Retention retention = keep.retention(rf.configuration());
        Workplace configured = Workplace.of(rf);
        Workplace workplace = remote ? configured.from(SourceName.RESOURCES) : configured;
        RedisSettings redis = RedisPlace.require(rf);
        PollLog log = new PollLog(rf, new HealthFile(Optional.ofNullable(healthFile)));
        Optional<FeedPoller> feed = remote ? Optional.of(feed(rf, workplace)) : Optional.empty();
        if (pace.isEmpty()) {
            try (Poller poller = Poller.once(workplace.database(), workplace.settings(), redis, retention)) {
                poller.warning().ifPresent(warning -> rf.messages().warning(warning));
                return once(log, poll(feed, poller, log));
            }
        }
        rf.cancellation().becomeService();
        try (Poller poller =
                Poller.service(workplace.database(), workplace.settings(), redis, retention, lease(pace.get()))) {
            poller.warning().ifPresent(warning -> rf.messages().warning(warning));
            serve(rf, log, () -> poll(feed, poller, log), pace.get());
        }
        log.stopped();
        return ExitCode.DONE;
    }

    /** A round, whatever comes before it. */
    @FunctionalInterface
    private interface Polling {
        Round poll() throws InterruptedException;
    }

    private FeedPoller feed(Invocation rf, Workplace workplace) {
        FhirServer server = new FhirServer(
                FeedFlags.base(from), feeding.credentials(rf.configuration()), FhirServer.Limits.STANDARD, time -> {
                    rf.cancellation().awaitStop(time);
                    return !rf.cancellation().stopAsked();
                });
        return new FeedPoller(
                workplace.database(), server, rf.clock(), feeding.overlap(), feeding.types(), feeding.since());
    }

    /** What the FHIR server tells goes to rf's own table first, and from there to Redis like all changes. */
    private static Round poll(Optional<FeedPoller> feed, Poller poller, PollLog log) throws InterruptedException {
        if (feed.isPresent()) {
            log.brought(feed.get().poll());
        }
        return poller.poll();
    }

    private static Duration pace(String text) {
        Duration pace = TimeText.parse("--every", text);
        if (pace.compareTo(Duration.ofMillis(100)) < 0) {
            throw Failure.usage("--every can be 100ms or more, not " + text);
        }
        return pace;
    }

    private static Duration lease(Duration pace) {
        Duration some = pace.multipliedBy(3);
        return some.compareTo(SHORTEST_LEASE) < 0 ? SHORTEST_LEASE : some;
    }

    private static ExitCode once(PollLog log, Round round) {
        if (round instanceof Round.StoodBy(String why)) {
            throw Failure.of(Failure.Kind.LOCKED, "nothing was polled").note("why", why);
        }
        log.round(round);
        return ExitCode.DONE;
    }

    private static void serve(Invocation rf, PollLog log, Polling polling, Duration pace) throws InterruptedException {
        GrowingPause pause = new GrowingPause();
        while (!rf.cancellation().stopAsked()) {
            long started = System.nanoTime();
            Duration next;
            try {
                Round round = polling.poll();
                log.round(round);
                pause.reset();
                next = period(pace, round).minusNanos(System.nanoTime() - started);
            } catch (Failure e) {
                if (rf.cancellation().stopAsked()) {
                    return;
                }
                if (log.rounds() == 0) {
                    throw e;
                }
                next = pause.next();
                log.lost(e, next);
            }
            rf.cancellation().awaitStop(next);
        }
    }

    private static Duration period(Duration pace, Round round) {
        Duration needed = round instanceof Round.Polled polled ? polled.sweep().multipliedBy(DUTY) : Duration.ZERO;
        return needed.compareTo(pace) > 0 ? needed : pace;
    }
}
