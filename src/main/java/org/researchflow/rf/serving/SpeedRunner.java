package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.speed.Change;
import org.researchflow.rf.speed.NotCoveredException;
import org.researchflow.rf.speed.RecentChanges;
import org.researchflow.rf.speed.SpeedLayer;

/**
 * The views run over what the speed layer holds, and nothing else: the rows of the resources that changed since the views
 * were refreshed. No answer is complete, since nobody looks at the others.
 */
record SpeedRunner(SourceSettings settings, SpeedSide speed) implements Runner {

    @Override
    public Relations relations(Connection connection, List<KnownView> views, Timings timings) throws SQLException {
        String origin = SourceState.origin(connection);
        timings.done("coverage");
        Map<String, Long> since = SpeedMerge.since(views.stream()
                .map(view -> view.stored()
                        .orElseThrow(() -> Failure.usage("view " + view.name() + " is not materialized")
                                .note("why", "the speed layer is asked for what changed since the last refresh")
                                .note("try", "rf views create " + view.name())))
                .toList());
        RecentChanges recent = read(since);
        timings.done("redis");
        if (!recent.coverage().origin().equals(origin)) {
            throw refused("it holds the changes of another database, or of before a failover");
        }
        Map<String, List<Change>> byType =
                recent.changes().stream().collect(Collectors.groupingBy(Change::resourceType));
        Map<String, ChangeSet> changes = new HashMap<>();
        since.keySet()
                .forEach(type -> changes.put(
                        type,
                        new ChangeSet.Shipped(
                                byType.getOrDefault(type, List.of()),
                                settings.reading().serverBase())));
        Merge merge = Merge.of(settings.reading(), views, changes);
        return new Relations(
                RunnerName.SPEED,
                views.stream()
                        .map(view -> Body.of(
                                view, merge.fresh(view), recent.coverage().asOf()))
                        .toList(),
                Optional.of(merge),
                Extent.at(recent.coverage().asOf(), false),
                new Newer(Newer.Place.REDIS, merge.size()),
                List.of("only the " + merge.size()
                        + " resources are looked at that the speed layer holds as changed since the last refresh"));
    }

    private RecentChanges read(Map<String, Long> since) {
        return switch (speed) {
            case SpeedSide.Present(Function<SourceSettings, SpeedLayer> layers, boolean _) -> {
                try {
                    yield layers.apply(settings).read(since);
                } catch (NotCoveredException e) {
                    throw refused(String.valueOf(e.getMessage())).causedBy(e);
                }
            }
            case SpeedSide.Off() -> throw refused("it is turned off");
            case SpeedSide.Absent() -> throw refused("no Redis is configured");
        };
    }

    private static Failure refused(String why) {
        return Failure.of(Failure.Kind.UNREACHABLE, "the speed layer cannot answer")
                .note("why", why)
                .note("try", "--runner hybrid");
    }

    @Override
    public Optional<Failure> failure(Connection connection, List<KnownView> views, DataError error) {
        return Optional.empty();
    }
}
