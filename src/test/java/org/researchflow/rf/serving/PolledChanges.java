package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.Sweep;
import org.researchflow.rf.source.TransactionSnapshot;
import org.researchflow.rf.speed.Change;
import org.researchflow.rf.speed.Coverage;
import org.researchflow.rf.speed.NotCoveredException;
import org.researchflow.rf.speed.RecentChanges;
import org.researchflow.rf.speed.SpeedLayer;

/** A speed layer in memory, filled from HAPI's tables: what a poller and a store promise, without either. */
final class PolledChanges implements SpeedLayer {

    private static final List<String> TYPES =
            List.of("Patient", "Condition", "Observation", "MedicationRequest", "Procedure", "Encounter");

    private final TestDatabase database;
    private final Map<String, Change> entries = new LinkedHashMap<>();

    @Nullable
    Coverage coverage;

    int reads;

    PolledChanges(TestDatabase database) {
        this.database = database;
    }

    /** Begins to cover what happens after a transaction; whatever was known is forgotten. */
    void cover(long from) throws SQLException {
        entries.clear();
        coverage = null;
        poll(from, from);
    }

    /** Takes what changed since the last time. */
    void poll() throws SQLException {
        Coverage last = coverage;
        if (last != null) {
            poll(last.to().oldest(), last.from());
        }
    }

    private void poll(long since, long from) throws SQLException {
        try (Connection connection = database.connect()) {
            Transactions.read(connection, inside -> {
                TransactionSnapshot snapshot;
                Instant asOf;
                try (Statement statement = inside.createStatement();
                        ResultSet row =
                                statement.executeQuery("select pg_current_snapshot()::text, transaction_timestamp()")) {
                    row.next();
                    snapshot = TransactionSnapshot.parse(row.getString(1));
                    asOf = row.getObject(2, OffsetDateTime.class).toInstant();
                }
                Resources resources = ServingFixture.SETTINGS.resources(inside);
                int age = Sweep.age(inside, since);
                Sweep sweep = resources.changes(inside, TYPES, age).orElseThrow();
                for (String type : TYPES) {
                    read(inside, resources, type, sweep.changed(type, age), snapshot.next());
                }
                coverage = new Coverage(
                        from, snapshot, asOf, resources.state(inside).origin());
                return asOf;
            });
        }
    }

    private void read(Connection connection, Resources resources, String type, long[] ids, long transaction)
            throws SQLException {
        String among = "(select unnest(array["
                + Arrays.stream(ids).mapToObj(Long::toString).collect(Collectors.joining(","))
                + "]::bigint[]) as res_id) c";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select i.key, i.version, r.resource from (" + resources.identities(type) + ") i left join ("
                                + resources.among(among, type, true, true).query()
                                + ") r using (key) where i.res_id in (select res_id from " + among + ")")) {
            while (row.next()) {
                Change change = new Change(
                        type,
                        row.getString("key"),
                        row.getLong("version"),
                        transaction,
                        Optional.ofNullable(row.getString("resource")));
                entries.put(type + "/" + change.key(), change);
            }
        }
    }

    /** Puts something there that no poller would. */
    void put(Change change) {
        entries.put(change.resourceType() + "/" + change.key() + "/" + change.version(), change);
    }

    void set(@Nullable Coverage other) {
        coverage = other;
    }

    Coverage covered() {
        return Optional.ofNullable(coverage).orElseThrow();
    }

    Collection<Change> entries() {
        return entries.values();
    }

    @Override
    public RecentChanges read(Map<String, Long> since) throws NotCoveredException {
        reads++;
        Coverage covered = coverage;
        if (covered == null) {
            throw new NotCoveredException("it was flushed");
        }
        return new RecentChanges(
                covered,
                entries.values().stream()
                        .filter(change -> since.containsKey(change.resourceType()))
                        .toList());
    }
}
