package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.SqlView;

/** Says what there is to do for each SQLView of a run. */
sealed interface SqlDecision {

    /** Decides for one view; a {@link Failure} when nothing can be done for it. */
    SqlWork decide(Connection connection, String view) throws SQLException;

    /**
     * For views that are to exist with a definition.
     *
     * @param views by name
     * @param replace whether a view that has another definition gets this one
     */
    record Creating(Map<String, SqlView> views, boolean replace, RunOptions options) implements SqlDecision {

        @Override
        public SqlWork decide(Connection connection, String name) throws SQLException {
            SqlView view = Objects.requireNonNull(views.get(name));
            Optional<Materialization> existing = Catalog.find(connection, name);
            Optional<Generation> pending = Catalog.pending(connection, name);
            Optional<Long> number = Catalog.number(connection, name);
            requireSameSchema(view, existing);
            Optional<String> known = pending.map(Generation::hash).or(() -> existing.map(Materialization::hash));
            boolean same = known.equals(Optional.of(SqlViews.hash(view)));
            if (known.isPresent() && !same && !replace) {
                throw anotherDefinition(view, existing, pending);
            }
            Optional<PublishedView> published =
                    requirePublishable(connection, view, number.orElse(0L), options.cascade());
            boolean settled = same && published.isPresent() && pending.isEmpty();
            if (settled && existing.filter(now -> !now.failed()).isPresent()) {
                return new SqlWork.Settled(new Outcome.Unchanged(name));
            }
            if (published.filter(PublishedView::materialized).isPresent()) {
                if (settled && existing.isPresent()) {
                    return new SqlWork.Refresh(view, existing.get());
                }
                // What depends on it falls with it; better told before it is computed.
                new ViewPlace(connection, view.storage().schema(), name, "", options.cascade())
                        .requireNoDependents(published.get());
            }
            return new SqlWork.Make(
                    view, number, existing.map(Materialization::generation).orElse(0L), pending, false);
        }

        /** Two relations of one view would be there, and nobody would know which people read. */
        private static void requireSameSchema(SqlView view, Optional<Materialization> existing) {
            String wanted = view.storage().schema();
            if (existing.isPresent() && !existing.get().form().schema().equals(wanted)) {
                throw Failure.usage(view.name() + " exists in the schema "
                                + existing.get().form().schema() + ", not in " + wanted)
                        .note("try", "rf views drop " + view.name() + ", and then the same command again");
            }
        }

        private static Failure anotherDefinition(
                SqlView view, Optional<Materialization> existing, Optional<Generation> pending) {
            Failure failure = Failure.usage("view " + view.name() + " exists with another definition");
            String before = pending.map(Generation::definition)
                    .or(() -> existing.map(Materialization::definition))
                    .orElseThrow();
            DefinitionText.differenceOfLines(before, view.source().text())
                    .forEach(line -> failure.note("difference", line));
            return failure.note("try", "--replace builds it anew with this definition");
        }
    }

    /** For views that are to be brought up to date, with the definitions that they were created with. */
    record Renewing(RunOptions options) implements SqlDecision {

        @Override
        public SqlWork decide(Connection connection, String name) throws SQLException {
            Optional<Materialization> existing = Catalog.find(connection, name);
            Optional<Generation> pending = Catalog.pending(connection, name);
            String definition = pending.map(Generation::definition)
                    .or(() -> existing.map(Materialization::definition))
                    .orElseThrow(() -> Batch.unknown(name));
            SqlView view = SqlViews.stored(name, definition);
            Optional<Long> number = Catalog.number(connection, name);
            Optional<PublishedView> published =
                    requirePublishable(connection, view, number.orElse(0L), options.cascade());
            // Whatever is asked for: it computes everything anew, and needs no other relation in its place.
            boolean inPlace = published.filter(PublishedView::materialized).isPresent()
                    && existing.filter(now -> now.form().keyed()).isPresent()
                    && pending.isEmpty();
            return inPlace
                    ? new SqlWork.Refresh(view, existing.orElseThrow())
                    : new SqlWork.Make(
                            view,
                            number,
                            existing.map(Materialization::generation).orElse(0L),
                            pending,
                            true);
        }
    }

    /** What people find under the view's name, which must be its own. */
    private static Optional<PublishedView> requirePublishable(
            Connection connection, SqlView view, long number, boolean cascade) throws SQLException {
        String schema = view.storage().schema();
        if (!exists(connection, schema)) {
            throw Failure.usage("there is no schema " + schema + " for " + view.name())
                    .note(
                            "try",
                            Pack.KPI.names().contains(view.name())
                                    ? "rf sandbox load kpi"
                                    : "create schema " + Identifiers.identifier(schema) + "   in psql");
        }
        ViewPlace place = new ViewPlace(connection, schema, view.name(), "", cascade);
        Optional<PublishedView> published = place.find(number);
        if (published.isPresent()) {
            place.requireOurs(published.get());
        }
        return published;
    }

    private static boolean exists(Connection connection, String schema) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select exists (select from pg_catalog.pg_namespace where nspname = ?)")) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
