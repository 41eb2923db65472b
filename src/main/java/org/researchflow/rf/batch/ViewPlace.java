package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.PublishedView.StoredColumn;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.sql.Identifiers;

/**
 * Where a view over stored rows stands, or is to stand.
 *
 * @param connection in a transaction
 * @param schema one of rf's
 * @param name the view's
 * @param store the table of the rows that it is to read, as SQL text
 * @param cascade whether what depends on it may go
 */
record ViewPlace(Connection connection, String schema, String name, String store, boolean cascade) {

    /** The relation that is there; ours when it reads the stored rows of this view number. */
    Optional<PublishedView> find(long number) throws SQLException {
        return PublishedView.find(connection, schema, name, number);
    }

    /** As SQL text. */
    String view() {
        return Identifiers.qualified(schema, name);
    }

    /** Replaces a view by another query of the store's columns; owner, grants and comments stay. */
    void replace(PublishedView old, String select) throws SQLException {
        // It reads the rows as its owner.
        execute("grant select on " + store + " to " + Identifiers.identifier(old.owner()));
        String options = old.options().isEmpty() ? "" : " with (" + String.join(", ", old.options()) + ")";
        if (old.canBecome(PublishedView.shown(connection, store))) {
            // Without them the options would be reset.
            execute("create or replace view " + view() + options + " as " + select);
            return;
        }
        Taken taken = take(old);
        execute("create view " + view() + options + " as " + select);
        taken.giveTo("view", columns());
    }

    /** Puts a materialized view here that was built among the stored rows; owner, grants and comments of the old stay. */
    void receive(Optional<PublishedView> old, String storeName) throws SQLException {
        List<String> columns = columns();
        Comments own = Comments.of(connection, store);
        Taken taken = old.isPresent()
                ? take(old.get())
                : new Taken(Optional.empty(), Grants.byDefault(connection, schema), own);
        execute("alter materialized view " + store + " set schema " + Identifiers.identifier(schema));
        execute("alter materialized view " + Identifiers.qualified(schema, storeName) + " rename to "
                + Identifiers.identifier(name));
        taken.giveTo("materialized view", columns);
        own.putOn(connection, "materialized view", view(), columns);
    }

    /** What a relation had that was dropped, for the one in its place. */
    private final class Taken {
        private final Optional<String> owner;
        private final Grants grants;
        private final Comments comments;

        Taken(Optional<String> owner, Grants grants, Comments comments) {
            this.owner = owner;
            this.grants = grants;
            this.comments = comments;
        }

        void giveTo(String kind, List<String> columns) throws SQLException {
            grants.giveOn(connection, view(), new LinkedHashSet<>(columns));
            comments.putOn(connection, kind, view(), columns);
            if (owner.isPresent()) {
                execute("alter " + kind + " " + view() + " owner to " + Identifiers.identifier(owner.get()));
            }
        }
    }

    private Taken take(PublishedView old) throws SQLException {
        requireNoDependents(old);
        Taken taken =
                new Taken(Optional.of(old.owner()), Grants.of(connection, view()), Comments.of(connection, view()));
        execute(drop(old));
        return taken;
    }

    /** The statement that drops what is here. */
    String drop(PublishedView there) {
        return "drop " + there.kind() + " " + view() + (cascade ? " cascade" : "");
    }

    /** The names of the store's columns that a view shows. */
    List<String> columns() throws SQLException {
        return PublishedView.shown(connection, store).stream()
                .map(StoredColumn::name)
                .toList();
    }

    /** What would stop a plan's rows from being read through a view that is there. */
    void requirePossible(PublishedView existing, ViewPlan plan) throws SQLException {
        requireOurs(existing);
        if (!existing.couldBecome(ColumnChanges.wanted(connection, plan))) {
            requireNoDependents(existing);
        }
    }

    void requireOurs(PublishedView existing) {
        if (!existing.ours()) {
            throw Failure.usage("there is already a relation " + name + " in the schema " + schema)
                    .note("why", "it was not made by rf, so it is not replaced")
                    .note("try", "another name for the view, or rename that relation");
        }
    }

    void requireNoDependents(PublishedView existing) throws SQLException {
        if (cascade) {
            return;
        }
        List<String> dependents = existing.dependents(connection);
        if (!dependents.isEmpty()) {
            String what = schema.equals(Catalog.VIEWS) ? name : schema + "." + name;
            Failure failure = Failure.usage(what + " cannot be dropped: " + dependents.size()
                    + (dependents.size() == 1 ? " object depends on it" : " objects depend on it"));
            dependents.forEach(dependent -> failure.note("depends", dependent));
            throw failure.note("try", "--cascade drops them too");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
