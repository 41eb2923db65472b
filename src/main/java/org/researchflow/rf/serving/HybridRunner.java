package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.speed.SpeedLayer;

/**
 * The stored rows merged with what changed since: out of the speed layer if it proves that it misses nothing and is not
 * behind, else out of the source itself. Views without stored rows are computed on the fly.
 *
 * @param settings that decide rows
 * @param speed where changes are looked for
 * @param freshness which answers are too old
 */
record HybridRunner(SourceSettings settings, SpeedSide speed, Freshness freshness) implements Runner {

    @Override
    public Relations relations(Connection connection, List<KnownView> views, Timings timings) throws SQLException {
        List<KnownView> stored =
                views.stream().filter(view -> view.isStoredFor(settings)).toList();
        boolean all = stored.size() == views.size();
        if (stored.isEmpty()) {
            return onTheFly().relations(connection, views, timings).warning(otherSettings(views));
        }
        return switch (speed) {
            // Views of one question must be of one moment: if one has to be computed, all are.
            case SpeedSide.Off() ->
                all
                        ? new MaterializedRunner(settings).relations(connection, views, timings)
                        : onTheFly().relations(connection, views, timings).warning(otherSettings(views));
            case SpeedSide.Absent() -> fromSource(connection, views, timings, Optional.empty());
            case SpeedSide.Present present ->
                all
                        ? fromSpeedLayer(connection, views, present, timings)
                        : fromSource(connection, views, timings, Optional.empty());
        };
    }

    /**
     * The same as {@link #relations} where it needs no more of the database than what is known of it already; empty where
     * it does.
     *
     * @param place where the database is, and what time it has
     */
    Optional<Relations> atOnce(SourceState.Place place, List<KnownView> views, Timings timings) {
        if (!views.stream().allMatch(view -> view.isStoredFor(settings))) {
            return Optional.empty();
        }
        return speed instanceof SpeedSide.Present present
                        && new SpeedMerge(settings, freshness)
                                        .tried(place, views, present.layers().apply(settings), timings)
                                instanceof SpeedMerge.Merged(Relations relations)
                ? Optional.of(relations)
                : Optional.empty();
    }

    private Relations fromSpeedLayer(
            Connection connection, List<KnownView> views, SpeedSide.Present present, Timings timings)
            throws SQLException {
        SpeedLayer layer = present.layers().apply(settings);
        return switch (new SpeedMerge(settings, freshness)
                .tried(SourceState.place(connection), views, layer, timings)) {
            case SpeedMerge.Merged(Relations relations) -> relations;
            case SpeedMerge.Behind(Relations relations, String why) -> {
                Relations exact =
                        fromSource(connection, views, timings, Optional.of(why).filter(_ -> present.expected()));
                // What is old and of one moment says more than stored rows that are older.
                yield exact.complete() || !relations.complete() ? exact : relations.warning(List.of(why));
            }
            case SpeedMerge.NotCovered(String why) ->
                fromSource(connection, views, timings, Optional.of(why).filter(_ -> present.expected()));
        };
    }

    private Relations fromSource(Connection connection, List<KnownView> views, Timings timings, Optional<String> why)
            throws SQLException {
        Relations relations = new SourceMerge(settings).relations(connection, views, timings);
        List<String> warnings = new ArrayList<>();
        why.ifPresent(reason -> warnings.add("speed layer not used: " + reason
                + (relations.newer().from() == Newer.Place.DATABASE
                        ? "; PostgreSQL was asked instead what changed"
                        : "")));
        warnings.addAll(otherSettings(views));
        return relations.warning(warnings);
    }

    private List<String> otherSettings(List<KnownView> views) {
        return views.stream()
                .filter(view -> view.stored().isPresent() && !view.isStoredFor(settings))
                .map(view -> view.name() + " was built with other settings, or by another version of rf, and is"
                        + " computed on the fly; mend that with  rf views refresh " + view.name())
                .toList();
    }

    private PostgresRunner onTheFly() {
        return new PostgresRunner(settings);
    }

    @Override
    public Optional<Failure> failure(Connection connection, List<KnownView> views, DataError error)
            throws SQLException {
        List<KnownView> computed =
                views.stream().filter(view -> !view.isStoredFor(settings)).toList();
        return computed.isEmpty() ? Optional.empty() : onTheFly().failure(connection, computed, error);
    }
}
