package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * The comparison of a SQLView's rows, as a bag, with those that its SQL gives in the same snapshot. What its tables got
 * since its last refresh cannot be told from what it should have had.
 */
record SqlVerification(Connection connection, SqlGraph graph) {

    /** Compares inside of a transaction that reads one snapshot. */
    Verified of(Materialization existing) throws SQLException {
        // Whole rows as text: their columns may be of types that PostgreSQL cannot compare, and digits count. With a
        // star:
        // a name alone would be that of a column first.
        String comparison = """
                with stored as (
                  select md5((s.*)::text)::uuid as digest, count(*) as n from %s s group by 1),
                computed as (
                  select md5((c.*)::text)::uuid as digest, count(*) as n from (
                %s
                ) c group by 1)
                select coalesce(sum(greatest(coalesce(computed.n, 0) - coalesce(stored.n, 0), 0)), 0) as missing,
                       coalesce(sum(greatest(coalesce(stored.n, 0) - coalesce(computed.n, 0), 0)), 0) as extra,
                       coalesce(sum(stored.n), 0) as rows
                  from stored
                  full join computed on computed.digest = stored.digest
                """.formatted(existing.store(), SqlViews.statement(SqlViews.stored(existing), graph));
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(comparison)) {
                row.next();
                return new Verified(
                        existing.view(),
                        row.getLong("rows"),
                        row.getLong("missing"),
                        row.getLong("extra"),
                        List.of(),
                        List.of(),
                        0,
                        Optional.empty(),
                        0);
            }
        }
    }
}
