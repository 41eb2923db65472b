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
import org.researchflow.rf.batch.PublishedView.StoredColumn;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.sql.Identifiers;

/** The step that sends the readers of a view to a new generation: short, retried, and never in anybody's way. */
final class Publication {

    /** A lock that could not be had in time, or a deadlock: PostgreSQL's words for "try again". */
    static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01");

    private final Connection connection;
    private final Generation generation;
    private final SourceSettings settings;
    private final boolean cascade;
    private final String view;

    private Publication(Connection connection, Generation generation, SourceSettings settings, boolean cascade) {
        this.connection = connection;
        this.generation = generation;
        this.settings = settings;
        this.cascade = cascade;
        this.view = Identifiers.qualified(generation.form().schema(), generation.view());
    }

    /**
     * Publishes a committed generation, waiting at most that long. Returns the sessions that were still in the way
     * then; none when it is published.
     *
     * @param settings of the run, which a live view follows
     */
    static List<String> of(
            Connection connection, Generation generation, SourceSettings settings, boolean cascade, Duration patience)
            throws SQLException {
        OffsetDateTime afterCommit = OldSnapshots.now(connection);
        Publication publication = new Publication(connection, generation, settings, cascade);
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
        Optional<LiveView> live =
                generation.form().isSql() ? Optional.empty() : LiveView.wanted(connection, generation.view(), settings);
        ViewPlace place =
                new ViewPlace(connection, generation.form().schema(), generation.view(), generation.store(), cascade);
        Optional<PublishedView> old = place.find(generation.number());
        if (old.isPresent()) {
            place.requireOurs(old.get());
        }
        if (generation.form().keyed()) {
            place.receive(old, Generation.storeName(generation.number(), generation.generation()));
            return List.of();
        }
        if (old.isPresent()) {
            keepReadable(old.get());
            place.replace(old.get(), select());
        } else {
            execute("create view " + view + " as " + select());
            openToReaders();
        }
        Comments.of(connection, generation.store()).putOn(connection, "view", view, names());
        if (live.isPresent()) {
            live.get().publish(cascade);
        }
        return List.of();
    }

    /** The stored rows get the rights that the ones before them had. */
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
    }

    /** Whom default privileges let read the new view may ask rf about it, which reads the stored rows themselves. */
    private void openToReaders() throws SQLException {
        Grants readers = Grants.of(connection, view);
        if (!readers.grants().isEmpty()) {
            readers.giveOn(connection, generation.store(), new LinkedHashSet<>(names()));
        }
    }

    /** Finds out before a long build what would stop its publication. */
    static void requirePossible(
            Connection connection,
            Definition definition,
            long number,
            Optional<PublishedView> published,
            boolean cascade)
            throws SQLException {
        if (published.isPresent()) {
            new ViewPlace(connection, Catalog.VIEWS, definition.name(), "", cascade)
                    .requirePossible(published.get(), definition.plan());
        }
        if (LiveView.isWanted(connection, definition.name())) {
            ViewPlace live = new ViewPlace(connection, LiveView.SCHEMA, definition.name(), "", cascade);
            Optional<PublishedView> existing = live.find(number);
            if (existing.isPresent()) {
                live.requirePossible(existing.get(), definition.plan());
            }
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
