package org.researchflow.rf.serving;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.batch.Watermark;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.speed.Change;
import org.researchflow.rf.speed.Coverage;
import org.researchflow.rf.speed.KeptRows;
import org.researchflow.rf.speed.NotCoveredException;
import org.researchflow.rf.speed.RecentChanges;
import org.researchflow.rf.speed.SpeedLayer;

/**
 * Stored rows merged with what the speed layer holds, if it proves that it holds everything since their watermarks. These
 * were read before it is asked: a poll in between does no harm, a refresh in between would.
 */
record SpeedMerge(SourceSettings settings, Freshness freshness) {

    /** A refresh may have been quicker than the poller, by one round of it. */
    private static final int TRIES = 3;

    /** How a try ended. */
    sealed interface Tried {}

    /** Proven complete. */
    record Merged(Relations relations) implements Tried {}

    /** Proven complete, but for a moment long ago. */
    record Behind(Relations relations, String why) implements Tried {}

    /** There is no proof. */
    record NotCovered(String why) implements Tried {}

    Tried tried(SourceState.Place place, List<KnownView> views, SpeedLayer layer, Timings timings) {
        String origin = place.origin();
        Instant now = place.now();
        List<Materialization> stored =
                views.stream().flatMap(view -> view.stored().stream()).toList();
        timings.done("coverage");
        String why = "";
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                RecentChanges recent = layer.read(
                        since(stored), stored.stream().map(KeptRows::of).toList());
                timings.done("redis");
                Coverage coverage = recent.coverage();
                if (!coverage.origin().equals(origin)) {
                    return new NotCovered("it holds the changes of another database, or of before a failover");
                }
                if (!isDistinct(recent.changes())) {
                    return new NotCovered("it holds a resource twice");
                }
                if (stored.stream().allMatch(view -> isCovered(view.watermark(), coverage))) {
                    return judged(merged(views, recent), now);
                }
                if (areNewer(views, stored, coverage, origin)) {
                    return judged(new MaterializedRunner(settings).relations(views), now);
                }
                why = reason(stored, coverage);
            } catch (NotCoveredException e) {
                timings.done("redis");
                why = String.valueOf(e.getMessage());
                if (e.isUnreachable()) {
                    break;
                }
            }
        }
        return new NotCovered(why);
    }

    /** By type, the oldest transaction that the rows of some view may not have in them. */
    static Map<String, Long> since(List<Materialization> stored) {
        Map<String, Long> since = new HashMap<>();
        stored.forEach(view -> since.merge(
                view.resourceType(),
                view.watermark().oldestTransaction(),
                (one, other) -> Long.compareUnsigned(one, other) <= 0 ? one : other));
        return since;
    }

    private static boolean isCovered(Watermark watermark, Coverage coverage) {
        return coverage.reaches(watermark.transactions(), watermark.origin());
    }

    /** Stored rows of one moment that is later than what the speed layer has seen are exact by themselves. */
    private static boolean areNewer(
            List<KnownView> views, List<Materialization> stored, Coverage coverage, String origin) {
        return MaterializedRunner.areOfOneMoment(views)
                && stored.stream()
                        .map(Materialization::watermark)
                        .allMatch(watermark -> watermark.origin().equals(origin)
                                && watermark.transactions().seesAllOf(coverage.to())
                                && watermark.at().isAfter(coverage.asOf()));
    }

    /** A resource that came twice would have its rows twice. */
    private static boolean isDistinct(List<Change> changes) {
        Set<String> keys = new HashSet<>();
        return changes.stream().allMatch(change -> keys.add(change.resourceType() + '/' + change.key()));
    }

    private static String reason(List<Materialization> stored, Coverage coverage) {
        for (Materialization view : stored) {
            Watermark watermark = view.watermark();
            if (!watermark.origin().equals(coverage.origin())) {
                return view.view() + " was built before this database was restored, upgraded or failed over";
            }
            if (Long.compareUnsigned(coverage.from(), watermark.oldestTransaction()) > 0) {
                return "it does not reach back to the refresh of " + view.view() + " at " + watermark.at();
            }
        }
        return "some views are newer than what it has seen, as of " + coverage.asOf();
    }

    private Tried judged(Relations relations, Instant now) {
        return freshness.isTooOld(relations.asOf(), now)
                ? new Behind(
                        relations, "it has seen nothing since " + relations.asOf() + "; is  rf poll-fhir  running?")
                : new Merged(relations);
    }

    private Relations merged(List<KnownView> views, RecentChanges recent) {
        Map<String, List<Change>> byType =
                recent.changes().stream().collect(Collectors.groupingBy(Change::resourceType));
        Map<String, ChangeSet> changes = new HashMap<>();
        recent.rows()
                .forEach((type, rows) -> changes.put(
                        type,
                        ChangeSet.Made.of(
                                rows,
                                views.stream()
                                        .filter(view ->
                                                view.plan().resourceType().equals(type))
                                        .toList())));
        for (KnownView view : views) {
            String type = view.plan().resourceType();
            if (byType.containsKey(type)) {
                changes.put(
                        type,
                        new ChangeSet.Shipped(
                                byType.getOrDefault(type, List.of()),
                                settings.reading().serverBase()));
            }
        }
        Merge merge = Merge.of(settings.reading(), views, changes);
        List<Body> bodies = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (KnownView view : views) {
            Materialization stored = view.stored().orElseThrow();
            bodies.add(Body.of(
                    view, merge.rows(view, stored.store()), stored.watermark().at()));
            MaterializedRunner.withoutRows(stored).ifPresent(warnings::add);
        }
        return new Relations(
                RunnerName.HYBRID,
                bodies,
                Optional.of(merge),
                Extent.at(recent.coverage().asOf(), MaterializedRunner.haveAllRows(views)),
                new Newer(Newer.Place.REDIS, merge.size()),
                warnings);
    }
}
