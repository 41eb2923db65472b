package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.db.Transactions;

/** The last refreshes of each view, in the catalog. Those that found nothing to do leave no trace. */
final class RefreshHistory {

    /** Creates the table. */
    static final String CREATION = """
            create table if not exists sqlonfhir.refresh_history (
              view_name text not null,
              refreshed_at timestamptz not null default clock_timestamp(),
              method text not null,
              duration_ms bigint,
              row_count bigint,
              error text
            );
            create index if not exists refresh_history_of_view on sqlonfhir.refresh_history (view_name, refreshed_at);
            comment on table sqlonfhir.refresh_history is 'The last refreshes of each view, those that failed included';
            """;

    /** So many are kept of each view. */
    private static final int KEPT = 20;

    private RefreshHistory() {}

    /** What the history has of one outcome, if it has something. */
    private static Optional<PastRefresh> entry(Outcome outcome) {
        Instant unused = Instant.EPOCH;
        return switch (outcome) {
            case Outcome.Built built ->
                Optional.of(new PastRefresh(
                        unused, "full", Optional.of(built.took()), Optional.of(built.rows()), Optional.empty()));
            case Outcome.Recomputed computed ->
                Optional.of(new PastRefresh(
                        unused,
                        computed.method(),
                        Optional.of(computed.took()),
                        Optional.of(computed.rows()),
                        Optional.empty()));
            case Outcome.Refreshed refreshed ->
                refreshed.changed() == 0
                        ? Optional.empty()
                        : Optional.of(new PastRefresh(
                                unused,
                                "incremental",
                                Optional.of(refreshed.took()),
                                Optional.of(refreshed.rows()),
                                Optional.empty()));
            case Outcome.Failed failed ->
                Optional.of(new PastRefresh(
                        unused,
                        "failed",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(failed.failure().what())));
            case Outcome.Unchanged _, Outcome.Pending _, Outcome.Locked _, Outcome.Dropped _ -> Optional.empty();
        };
    }

    /** Keeps what a run did to the views that there are; the oldest entries give way. */
    static void add(Connection connection, Collection<Outcome> outcomes) throws SQLException {
        if (outcomes.stream().noneMatch(outcome -> entry(outcome).isPresent())) {
            return;
        }
        Transactions.write(connection, _ -> {
            for (Outcome outcome : outcomes) {
                Optional<PastRefresh> entry = entry(outcome);
                if (entry.isPresent()) {
                    add(connection, outcome.view(), entry.get());
                }
            }
            return true;
        });
    }

    private static void add(Connection connection, String view, PastRefresh entry) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into sqlonfhir.refresh_history (view_name, method, duration_ms, row_count, error)
                select view_name, ?, ?, ?, ? from sqlonfhir.materialized_view_metadata where view_name = ?
                """)) {
            statement.setString(1, entry.method());
            statement.setObject(2, entry.took().map(Duration::toMillis).orElse(null), Types.BIGINT);
            statement.setObject(3, entry.rows().orElse(null), Types.BIGINT);
            statement.setString(4, entry.error().orElse(null));
            statement.setString(5, view);
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                delete from sqlonfhir.refresh_history
                 where view_name = ?
                   and refreshed_at < (select min(refreshed_at)
                                         from (select refreshed_at
                                                 from sqlonfhir.refresh_history
                                                where view_name = ?
                                                order by refreshed_at desc
                                                limit ?) newest)
                """)) {
            statement.setString(1, view);
            statement.setString(2, view);
            statement.setInt(3, KEPT);
            statement.executeUpdate();
        }
    }

    /** Those of a view, newest first; none in a catalog that an older rf made. */
    static List<PastRefresh> of(Connection connection, String view) throws SQLException {
        List<PastRefresh> found = new ArrayList<>();
        if (!CatalogTables.has(connection, "refresh_history")) {
            return found;
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                select refreshed_at, method, duration_ms, row_count, error
                  from sqlonfhir.refresh_history
                 where view_name = ?
                 order by refreshed_at desc
                """)) {
            statement.setString(1, view);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    @Nullable Long took = row.getObject("duration_ms", Long.class);
                    found.add(new PastRefresh(
                            row.getObject("refreshed_at", OffsetDateTime.class).toInstant(),
                            row.getString("method"),
                            Optional.ofNullable(took).map(Duration::ofMillis),
                            Optional.ofNullable(row.getObject("row_count", Long.class)),
                            Optional.ofNullable(row.getString("error"))));
                }
            }
        }
        return found;
    }
}
