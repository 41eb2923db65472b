package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;
import org.researchflow.rf.batch.RunOptions;

/** A full build of all views, and incremental refreshes after parts of the resources got new versions. */
record RefreshScenario(List<Subject> subjects) implements Scenario {

    /** The names of what changed, and one of how many resources that is. */
    private record Share(String name, int oneOf) {}

    private static final List<Share> SHARES = List.of(
            new Share("changed-0%", 0),
            new Share("changed-0.1%", 1000),
            new Share("changed-1%", 100),
            new Share("changed-10%", 10));

    static final RunListener NOBODY = new RunListener() {
        @Override
        public void started(String view) {}

        @Override
        public void finished(Outcome outcome) {}
    };

    /** Refreshes as fast as they can be done, whatever rate questions are asked at. */
    private record AtOwnPace(Subject subject) implements Subject {
        @Override
        public Series series() {
            return subject.series();
        }

        @Override
        public Sample run(Pace pace) throws SQLException, IOException, InterruptedException {
            return subject.run(pace.closed());
        }
    }

    static RefreshScenario open(Bed bed, HapiChanges hapi) throws SQLException {
        ServerCpu cpu = ServerCpu.of(bed.database());
        AtomicInteger round = new AtomicInteger();
        Batch batch = bed.batch();
        hapi.change(100, round.incrementAndGet());
        refresh(batch, RunOptions.Refresh.CHANGES);
        verify(batch);
        Stream<Subject> full = Stream.of(new LoadGenerator(
                new Series("refresh", "full", "refresh"),
                1,
                () -> () -> refresh(batch, RunOptions.Refresh.REBUILD),
                cpu));
        Stream<Subject> incremental = SHARES.stream()
                .map(share -> new LoadGenerator(
                        new Series("refresh", share.name(), "refresh"),
                        1,
                        () -> new Client() {
                            @Override
                            public void prepare() throws SQLException {
                                if (share.oneOf() > 0) {
                                    hapi.change(share.oneOf(), round.incrementAndGet());
                                }
                            }

                            @Override
                            public void once() {
                                refresh(batch, RunOptions.Refresh.CHANGES);
                            }
                        },
                        cpu));
        return new RefreshScenario(
                Stream.concat(full, incremental).<Subject>map(AtOwnPace::new).toList());
    }

    static void refresh(Batch batch, RunOptions.Refresh thoroughness) {
        for (Outcome outcome : batch.refreshAll(RunOptions.DEFAULT.withRefresh(thoroughness), NOBODY)) {
            if (outcome instanceof Outcome.Failed(String _, Failure failure, Optional<Instant> _)) {
                throw failure;
            }
        }
    }

    private static void verify(Batch batch) {
        batch.verify(batch.known()).stream()
                .filter(verified -> !verified.isRight())
                .findFirst()
                .ifPresent(wrong -> {
                    throw Failure.failed("a refreshed view is not what a full build makes, and nothing is measured")
                            .note("view", wrong.view())
                            .note(
                                    "rows",
                                    String.format(Locale.ROOT, "%d missing, %d extra", wrong.missing(), wrong.extra()));
                });
    }
}
