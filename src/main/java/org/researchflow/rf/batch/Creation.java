package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.sql.ViewSql;

/**
 * What there is to do for views that are to exist with a definition.
 *
 * @param definitions by view
 * @param replace whether a view that has another definition gets this one
 */
record Creation(Map<String, Definition> definitions, boolean replace, RunOptions options) implements Decision {

    /** What cannot be created leaves the view that is there as good as it was: that is told, and not kept. */
    @Override
    public Work decide(Connection connection, String view, SourceState now) throws SQLException {
        try {
            return decide(connection, view);
        } catch (Failure e) {
            return new Work.Settled(new Outcome.Failed(view, e));
        }
    }

    private Work decide(Connection connection, String view) throws SQLException {
        Definition definition = Objects.requireNonNull(definitions.get(view));
        Optional<Materialization> existing = Catalog.find(connection, view);
        Optional<Generation> pending = Catalog.pending(connection, view);
        Optional<Long> number = Catalog.number(connection, view);
        Optional<PublishedView> published = PublishedView.find(connection, view, number.orElse(0L));
        Work.Make make = new Work.Make(
                definition,
                number,
                existing.map(Materialization::generation).orElse(0L),
                pending,
                false,
                Optional.empty());
        // The newest definition that somebody asked for, whether it is published, or no longer.
        Optional<String> known = pending.map(Generation::hash).or(() -> existing.map(Materialization::hash));
        boolean same = known.equals(Optional.of(definition.hash()));
        if (known.isPresent() && !same && !replace) {
            throw anotherDefinition(connection, existing, pending, published, definition);
        }
        boolean readable = published.isPresent() && published.get().ours();
        if (same && readable && existing.isPresent() && !existing.get().failed() && pending.isEmpty()) {
            return existing.get().compilerVersion() == ViewSql.VERSION
                    ? new Work.Settled(new Outcome.Unchanged(view))
                    : make.because("it was built by another version of the compiler");
        }
        Publication.requirePossible(connection, definition, number.orElse(0L), published, options.cascade());
        return make;
    }

    private static Failure anotherDefinition(
            Connection connection,
            Optional<Materialization> existing,
            Optional<Generation> pending,
            Optional<PublishedView> published,
            Definition definition)
            throws SQLException {
        Failure failure = Failure.usage("view " + definition.name() + " exists with another definition");
        if (published.isPresent()) {
            ColumnChanges.between(published.get().unsizedColumns(), ColumnChanges.wanted(connection, definition.plan()))
                    .forEach(change -> failure.note("columns", change));
        }
        String settings = pending.map(Generation::settings)
                .or(() -> existing.map(Materialization::settings))
                .orElseThrow();
        if (!settings.equals(definition.settings().text())) {
            failure.note("settings", "- " + settings);
            failure.note("settings", "+ " + definition.settings().text());
        }
        String before = pending.map(Generation::definition)
                .or(() -> existing.map(Materialization::definition))
                .orElseThrow();
        DefinitionText.difference(before, definition.view().json()).forEach(line -> failure.note("difference", line));
        return failure.note("try", "--replace builds it anew with this definition");
    }
}
