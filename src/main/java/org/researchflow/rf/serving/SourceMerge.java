package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.source.Sweep;
import org.researchflow.rf.source.UnreadableBodies;

/** Stored rows merged with what changed in the source since, as this transaction sees both. */
record SourceMerge(SourceSettings settings) {

    /** From here on computing all is cheaper: one of so many resources. */
    private static final int ONE_OF = 5;

    /** PostgreSQL's codes for a missing right, and for what a standby can't tell. */
    private static final Set<String> OUT_OF_REACH = Set.of("42501", "55000");

    Relations relations(Connection connection, List<KnownView> views, Timings timings) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Relations relations = merged(connection, views, timings);
            connection.releaseSavepoint(before);
            return relations;
        } catch (SQLException e) {
            boolean stored = views.stream().allMatch(view -> view.isStoredFor(settings));
            if (!OUT_OF_REACH.contains(String.valueOf(e.getSQLState())) || !stored) {
                throw e;
            }
            connection.rollback(before);
            timings.done("coverage");
            return new MaterializedRunner(settings)
                    .relations(connection, views, timings)
                    .incomplete()
                    .warning(List.of("what changed since the last refresh is missing: this role cannot read it from the"
                            + " source"));
        }
    }

    private Relations merged(Connection connection, List<KnownView> views, Timings timings) throws SQLException {
        Instant now = PostgresRunner.now(connection);
        Resources resources = settings.resources(connection);
        SourceState state = resources.state(connection);
        List<KnownView> comparable = views.stream()
                .filter(view -> view.isStoredFor(settings))
                .filter(view -> isComparable(view.stored().orElseThrow().watermark(), state))
                .toList();
        Found found = find(connection, resources, comparable);
        Merge merge = Merge.of(
                settings.reading(),
                comparable.stream()
                        .filter(view -> !found.tooMany().contains(view.plan().resourceType()))
                        .toList(),
                found.changes());
        List<Body> bodies = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (KnownView view : views) {
            bodies.add(body(view, comparable.contains(view), found, merge, resources, now));
            if (!comparable.contains(view) && view.isStoredFor(settings)) {
                warnings.add(view.name() + " was built before this database was restored, upgraded or failed over, and"
                        + " is computed on the fly; mend that with  rf views refresh " + view.name());
            }
        }
        List<KnownView> merged = comparable.stream()
                .filter(view -> !found.tooMany().contains(view.plan().resourceType()))
                .toList();
        merged.forEach(view ->
                MaterializedRunner.withoutRows(view.stored().orElseThrow()).ifPresent(warnings::add));
        List<UnreadableBodies> unreadable = unreadable(connection, resources, views, merged, found);
        unreadable.stream().map(PostgresRunner::warning).forEach(warnings::add);
        timings.done("coverage");
        return new Relations(
                RunnerName.HYBRID,
                bodies,
                merge.changes().isEmpty() ? Optional.empty() : Optional.of(merge),
                Extent.at(now, unreadable.isEmpty() && MaterializedRunner.haveAllRows(merged)),
                new Newer(Newer.Place.DATABASE, found.count()),
                warnings);
    }

    private static boolean isComparable(Watermark watermark, SourceState state) {
        return watermark.origin().equals(state.origin()) && Sweep.reaches(state, watermark.oldestTransaction());
    }

    /**
     * What changed.
     *
     * @param changes by resource type
     * @param tooMany types of which so much changed that all is computed
     * @param count of all of them
     */
    private record Found(Map<String, ChangeSet.Found> changes, Set<String> tooMany, int count) {}

    private static Found find(Connection connection, Resources resources, List<KnownView> views) throws SQLException {
        Set<String> types =
                views.stream().map(view -> view.plan().resourceType()).collect(Collectors.toSet());
        Map<String, ChangeSet.Found> changes = new HashMap<>();
        Set<String> tooMany = new HashSet<>();
        int count = 0;
        if (!views.isEmpty()) {
            long oldest = views.stream()
                    .map(view -> view.stored().orElseThrow())
                    .map(Materialization::watermark)
                    .map(Watermark::oldestTransaction)
                    .min(Comparator.comparing(id -> id, Long::compareUnsigned))
                    .orElseThrow();
            int age = Sweep.age(connection, oldest);
            Optional<Sweep> sweep = resources.changes(connection, types, age);
            for (String type : types) {
                long[] ids = sweep.map(swept -> swept.changed(type, age)).orElse(new long[0]);
                count += ids.length;
                if (sweep.isEmpty()
                        || (ids.length > 0 && !resources.hasAtLeast(connection, type, (long) ONE_OF * ids.length))) {
                    tooMany.add(type);
                } else if (ids.length > 0) {
                    changes.put(type, ChangeSet.Found.of(resources, type, ids));
                }
            }
        }
        return new Found(changes, tooMany, count);
    }

    private Body body(KnownView view, boolean comparable, Found found, Merge merge, Resources resources, Instant now) {
        if (!comparable) {
            return Body.of(view, new Rows.Computed(new PostgresRunner(settings).query(resources, view)), now);
        }
        Materialization stored = view.stored().orElseThrow();
        Rows rows = found.tooMany().contains(view.plan().resourceType())
                ? new Rows.Replaced(stored.store(), new PostgresRunner(settings).query(resources, view))
                : merge.rows(view, stored.store());
        return Body.of(view, rows, stored.watermark().at());
    }

    /** Changed resources that can't be read; all of a type where its view is computed. */
    private static List<UnreadableBodies> unreadable(
            Connection connection, Resources resources, List<KnownView> views, List<KnownView> merged, Found found)
            throws SQLException {
        Set<String> computed = views.stream()
                .filter(view -> !merged.contains(view))
                .map(view -> view.plan().resourceType())
                .collect(Collectors.toSet());
        List<UnreadableBodies> unreadable = new ArrayList<>(UnreadableBodies.count(connection, resources, computed));
        for (ChangeSet.Found changes : found.changes().values()) {
            if (!computed.contains(changes.resourceType())) {
                unreadable.addAll(
                        UnreadableBodies.among(connection, resources, changes.resourceType(), changes.internalIds()));
            }
        }
        return unreadable;
    }
}
