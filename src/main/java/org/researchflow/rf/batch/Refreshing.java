package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.source.SourceState;

/**
 * What there is to do for views that are to be brought up to date, with the definitions that they were created with.
 *
 * @param settings under which they are read from now on
 */
record Refreshing(SourceSettings settings, RunOptions options) implements Decision {

    @Override
    public Work decide(Connection connection, String view, SourceState now) throws SQLException {
        Optional<Materialization> existing = Catalog.find(connection, view);
        Optional<Generation> pending = Catalog.pending(connection, view);
        // The newest definition that somebody asked for, published or not.
        String json = pending.map(Generation::definition)
                .or(() -> existing.map(Materialization::definition))
                .orElseThrow(() -> Batch.unknown(view));
        long number = Catalog.number(connection, view).orElseThrow(() -> Batch.unknown(view));
        Definition definition = Definition.stored(view, json, settings);
        String builtWith = pending.map(Generation::settings)
                .or(() -> existing.map(Materialization::settings))
                .orElseThrow();
        if (settings.areOfAnotherSource(builtWith)) {
            // Whoever named it here was mistaken; the view is as good as it was.
            return new Work.Settled(new Outcome.Failed(view, anotherSource(view, builtWith)));
        }
        Optional<PublishedView> published = PublishedView.find(connection, view, number);
        Publication.requirePossible(connection, definition, number, published, options.cascade());
        Work.Make full = new Work.Make(
                definition,
                Optional.of(number),
                existing.map(Materialization::generation).orElse(0L),
                pending,
                true,
                Optional.empty());
        if (existing.isEmpty() || published.isEmpty()) {
            return full.because("it had not been published");
        }
        Optional<String> because = new Incremental(connection, definition, now, options.refresh())
                .impossible(existing.get(), pending.isPresent());
        return because.isPresent()
                ? full.because(because.get())
                : new Work.Update(
                        existing.get(),
                        options.refresh() == RunOptions.Refresh.EXACT
                                || existing.get()
                                        .reconciliation()
                                        .isDue(
                                                OldSnapshots.now(connection).toInstant(),
                                                now.counters(),
                                                definition.plan().readsMeta()),
                        full);
    }

    private Failure anotherSource(String view, String builtWith) {
        String other = settings.source() == SourceName.HAPI ? "resources" : "hapi";
        return Failure.usage(view + " was built from another source")
                .note("why", "built with " + builtWith)
                .note("try", "--source " + other + " refreshes it from there")
                .note("try", "rf views create --replace builds it anew from this one");
    }
}
