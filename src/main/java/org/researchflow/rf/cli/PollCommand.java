package org.researchflow.rf.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.rest.FhirServer;
import org.researchflow.rf.rest.Subscriptions;
import org.researchflow.rf.rest.WakeUps;
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
                    + " say that they rest on it.",
            "With --listen a round also begins as soon as the FHIR server says that something changed, by rest-hook"
                    + " Subscriptions: --subscribe registers them, or they are printed. What it sends is not looked at:"
                    + " the round reads what changed. Without --every there is a round a minute in any case."
        },
        footer = {
            "rf poll-fhir",
            "rf poll-fhir --every 1s --health-file /run/rf/poll.json",
            "rf poll-fhir --from https://fhir.example.org/fhir --token-file token",
            "rf poll-fhir --every 5s --keep 48h --keep Observation=6h",
            "rf poll-fhir --listen 8089 --listen-secret-file secret",
            "rf poll-fhir --from https://fhir.example.org/fhir --listen 8089 --subscribe"
        })
final class PollCommand implements Action {

    /** A tenth of the time at most goes into searching. */
    private static final int DUTY = 10;

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(10);

    /** A server that is to say when something changed may forget it. */
    private static final Duration SELDOM = Duration.ofMinutes(1);

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

    @Option(
            names = "--metrics-file",
            paramLabel = "FILE",
            description = "Write how the poller and Redis are in Prometheus' text format, for the textfile collector.")
    private @Nullable Path metricsFile;

    @Mixin
    private FeedFlags feeding = new FeedFlags();

    @Mixin
    private ListenFlags listening = new ListenFlags();

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
        Optional<ListenFlags.Listening> listen = listening.wanted(rf.configuration(), remote);
        Optional<Duration> pace =
                Optional.ofNullable(every).map(PollCommand::pace).or(() -> listen.map(_ -> SELDOM));
        Retention retention = keep.retention(rf.configuration());
        Workplace configured = Workplace.of(rf);
        Workplace workplace = remote ? configured.from(SourceName.RESOURCES) : configured;
        RedisSettings redis = RedisPlace.require(rf);
        PollMetrics metrics = new PollMetrics(
                rf, Optional.ofNullable(metricsFile).map(file -> new WholeFile("--metrics-file", file)));
        PollLog log = new PollLog(rf, HealthFile.at(Optional.ofNullable(healthFile)), metrics);
        Optional<FhirServer> server = remote ? Optional.of(server(rf)) : Optional.empty();
        Optional<FeedPoller> feed = server.map(remoteServer -> feed(rf, workplace, remoteServer));
        if (pace.isEmpty()) {
            try (Poller poller = Poller.once(workplace.database(), workplace.settings(), redis, retention)) {
                metrics.asking(poller::figures);
                poller.warning().ifPresent(warning -> rf.messages().warning(warning));
                return once(log, poll(feed, poller, log));
            }
        }
        rf.cancellation().becomeService();
        try (Poller poller =
                Poller.service(workplace.database(), workplace.settings(), redis, retention, lease(pace.get()))) {
            metrics.asking(poller::figures);
            poller.warning().ifPresent(warning -> rf.messages().warning(warning));
            Alarm alarm = new Alarm();
            Polling polling = () -> poll(feed, poller, log);
            if (listen.isEmpty()) {
                serve(rf, log, polling, pace.get(), alarm);
            } else {
                ListenFlags.Listening where = listen.get();
                try (WakeUps port = WakeUps.listen(where.place(), where.secret(), alarm::ring)) {
                    List<String> types = feed.map(FeedPoller::followed).orElseGet(() -> viewed(workplace));
                    subscribe(log, where, where.endpoint(port.port()), server.filter(_ -> where.subscribe()), types);
                    serve(rf, log, polling, pace.get(), alarm);
                }
            }
        }
        log.stopped();
        return ExitCode.DONE;
    }

    /** A round, whatever comes before it. */
    @FunctionalInterface
    private interface Polling {
        Round poll() throws InterruptedException;
    }

    /** The resource types that there are views of; SQLViews are of none. */
    private static List<String> viewed(Workplace workplace) {
        return workplace.batch().list(List.of()).stream()
                .map(ListedView::materialization)
                .filter(view -> !view.form().isSql())
                .map(Materialization::resourceType)
                .distinct()
                .sorted()
                .toList();
    }

    private static void subscribe(
            PollLog log, ListenFlags.Listening listening, URI endpoint, Optional<FhirServer> server, List<String> types)
            throws InterruptedException {
        Subscriptions subscriptions = new Subscriptions(endpoint);
        OptionalInt registered = server.isPresent()
                ? OptionalInt.of(subscriptions.register(server.get(), types, listening.secret()))
                : OptionalInt.empty();
        log.listening(
                endpoint,
                registered,
                types.stream()
                        .map(type -> subscriptions.document(type, "SECRET"))
                        .toList());
    }

    private FhirServer server(Invocation rf) {
        return new FhirServer(
                FhirLogin.base("--from", from),
                feeding.credentials(rf.configuration()),
                FhirServer.Limits.STANDARD,
                time -> {
                    rf.cancellation().awaitStop(time);
                    return !rf.cancellation().stopAsked();
                });
    }

    private FeedPoller feed(Invocation rf, Workplace workplace, FhirServer server) {
        return new FeedPoller(
                workplace.database(), server, rf.clock(), feeding.overlap(), feeding.types(), feeding.since());
    }

    /** What the FHIR server tells goes to rf's own table first, and from there to Redis like all changes. */
    private static Round poll(Optional<FeedPoller> feed, Poller poller, PollLog log) throws InterruptedException {
        if (feed.isPresent()) {
            log.brought(feed.get());
        }
        return log.polled(poller);
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

    private static void serve(Invocation rf, PollLog log, Polling polling, Duration pace, Alarm alarm)
            throws InterruptedException {
        GrowingPause pause = new GrowingPause();
        while (!rf.cancellation().stopAsked()) {
            long started = System.nanoTime();
            try {
                Round round = polling.poll();
                log.round(round);
                pause.reset();
                Duration took = Duration.ofNanos(System.nanoTime() - started);
                alarm.await(
                        needed(round).minus(took), longer(needed(round), pace).minus(took), rf.cancellation());
            } catch (Failure e) {
                if (rf.cancellation().stopAsked()) {
                    return;
                }
                if (log.rounds() == 0) {
                    throw e;
                }
                Duration next = pause.next();
                log.lost(e, next);
                rf.cancellation().awaitStop(next);
            }
        }
    }

    private static Duration needed(Round round) {
        return round instanceof Round.Polled polled ? polled.sweep().multipliedBy(DUTY) : Duration.ZERO;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
