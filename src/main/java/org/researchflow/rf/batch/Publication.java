package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.PublishedView.StoredColumn;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.sql.Identifiers;

/** The step that sends the readers of a view to a new generation: short, retried, and never in anybody's way. */
final class Publication {

    /** A lock that could not be had in time, or a deadlock: PostgreSQL's words for "try again". */
    static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01");

    private final Connection connection;
    private final Generation generation;
    private final boolean cascade;
    private final String view;

    private Publication(Connection connection, Generation generation, boolean cascade) {
        this.connection = connection;
        this.generation = generation;
        this.cascade = cascade;
        this.view = Identifiers.qualified(Catalog.VIEWS, generation.view());
    }

    /**
     * Publishes a committed generation, waiting at most that long. Returns the sessions that were still in the way
     * then; none when it is published.
     */
    static List<String> of(Connection connection, Generation generation, boolean cascade, Duration patience)
            throws SQLException {
        OffsetDateTime afterCommit = OldSnapshots.now(connection);
        Publication publication = new Publication(connection, generation, cascade);
        Backoff backoff = new Backoff(patience);
        while (true) {
            List<String> inTheWay = publication.attempt(afterCommit);
            if (inTheWay.isEmpty() || !backoff.pause()) {
                return inTheWay;
            }
        }
    }

    private List<String> attempt(OffsetDateTime afterCommit) throws SQLException {
        List<String> old = OldSnapshots.find(connection, generation.transaction(), afterCommit);
        if (!old.isEmpty()) {
            return old;
        }
        try {
            return Transactions.write(connection, _ -> publish());
        } catch (SQLException e) {
            if (!IN_THE_WAY.contains(e.getSQLState())) {
                throw e;
            }
            return readers();
        }
    }

    private List<String> publish() throws SQLException {
        execute("set local lock_timeout = '100ms'");
        // First, so that the view's lock, which keeps readers waiting, is held for the shortest time.
        Catalog.publish(connection, generation);
        Optional<PublishedView> old = PublishedView.find(connection, generation.view(), generation.number());
        if (old.isPresent()) {
            requireOurs(old.get(), generation.view());
            replace(old.get());
        } else {
            execute("create view " + view + " as " + select());
            openToReaders();
        }
        Comments.of(connection, generation.store()).putOn(connection, "view", view, names());
        return List.of();
    }

    private void replace(PublishedView old) throws SQLException {
        keepReadable(old);
        String options = old.options().isEmpty() ? "" : " with (" + String.join(", ", old.options()) + ")";
        if (old.canBecome(PublishedView.shown(connection, generation.store()))) {
            // Without them the options would be reset.
            execute("create or replace view " + view + options + " as " + select());
            return;
        }
        requireNoDependents(connection, old, generation.view(), cascade);
        Grants grants = Grants.of(connection, view);
        Comments comments = Comments.of(connection, view);
        execute("drop view " + view + (cascade ? " cascade" : ""));
        execute("create view " + view + options + " as " + select());
        grants.giveOn(connection, view, new LinkedHashSet<>(names()));
        comments.putOn(connection, "view", view, names());
        execute("alter view " + view + " owner to " + Identifiers.identifier(old.owner()));
    }

    /** Whom default privileges let read the new view may ask rf about it, which reads the stored rows themselves. */
    private void openToReaders() throws SQLException {
        Grants readers = Grants.of(connection, view);
        if (!readers.grants().isEmpty()) {
            readers.giveOn(connection, generation.store(), new LinkedHashSet<>(names()));
        }
    }

    /** The stored rows get the rights that the ones before them had; and the view reads them as its owner. */
    private void keepReadable(PublishedView old) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select distinct s.oid::regclass::text
                  from pg_catalog.pg_rewrite w
                  join pg_catalog.pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                   and d.refclassid = 'pg_class'::regclass
                  join pg_catalog.pg_class s on s.oid = d.refobjid
                 where w.ev_class = ?::oid and s.oid <> w.ev_class
                """)) {
            statement.setLong(1, old.oid());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Grants.of(connection, row.getString(1))
                            .giveOn(connection, generation.store(), new LinkedHashSet<>(names()));
                }
            }
        }
        execute("grant select on " + generation.store() + " to " + Identifiers.identifier(old.owner()));
    }

    /** Finds out before a long build what would stop its publication. */
    static void requirePossible(
            Connection connection, Definition definition, Optional<PublishedView> published, boolean cascade)
            throws SQLException {
        if (published.isPresent()) {
            requireOurs(published.get(), definition.name());
            if (!published.get().couldBecome(ColumnChanges.wanted(connection, definition.plan()))) {
                requireNoDependents(connection, published.get(), definition.name(), cascade);
            }
        }
    }

    static void requireOurs(PublishedView existing, String name) {
        if (!existing.ours()) {
            throw Failure.usage("there is already a relation " + name + " in the schema " + Catalog.VIEWS)
                    .note("why", "it was not made by rf, so it is not replaced")
                    .note("try", "another name for the view, or rename that relation");
        }
    }

    static void requireNoDependents(Connection connection, PublishedView existing, String name, boolean cascade)
            throws SQLException {
        if (cascade) {
            return;
        }
        List<String> dependents = existing.dependents(connection);
        if (!dependents.isEmpty()) {
            Failure failure = Failure.usage(name + " cannot be dropped: " + dependents.size()
                    + (dependents.size() == 1 ? " object depends on it" : " objects depend on it"));
            dependents.forEach(dependent -> failure.note("depends", dependent));
            throw failure.note("try", "--cascade drops them too");
        }
    }

    /** Who holds a lock on the view or waits for one. */
    private List<String> readers() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select distinct coalesce(nullif(a.application_name, ''), 'a session') || ', PostgreSQL pid ' || l.pid
                  from pg_catalog.pg_locks l
                  left join pg_catalog.pg_stat_activity a on a.pid = l.pid
                 where l.relation = to_regclass(?) and l.pid <> pg_backend_pid()
                """)) {
            statement.setString(1, view);
            try (ResultSet row = statement.executeQuery()) {
                List<String> found = new ArrayList<>();
                while (row.next()) {
                    found.add(row.getString(1));
                }
                return found.isEmpty() ? List.of("a reader that has just finished") : found;
            }
        }
    }

    private String select() throws SQLException {
        return "select " + names().stream().map(Identifiers::identifier).collect(Collectors.joining(", ")) + " from "
                + generation.store();
    }

    private List<String> names() throws SQLException {
        return PublishedView.shown(connection, generation.store()).stream()
                .map(StoredColumn::name)
                .toList();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
