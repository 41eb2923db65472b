package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * What a transaction sees of the source.
 *
 * @param snapshot the transactions that it sees
 * @param at a moment such that everything committed before it is in the snapshot
 * @param newest the id (xid8) from which the ages of transactions are counted while the transaction lasts
 */
public record SourceMoment(TransactionSnapshot snapshot, Instant at, long newest) {

    /** Fixes it, as the first statement of a repeatable-read transaction. */
    public static SourceMoment take(Connection connection) throws SQLException {
        // The time of a statement is read before its snapshot: what committed earlier is in it.
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select pg_current_snapshot()::text as snapshot, statement_timestamp() as at")) {
            row.next();
            TransactionSnapshot snapshot = TransactionSnapshot.parse(row.getString("snapshot"));
            Instant at = row.getObject("at", OffsetDateTime.class).toInstant();
            return new SourceMoment(snapshot, at, snapshot.oldest() + Sweep.age(connection, snapshot.oldest()));
        }
    }

    /**
     * The id (xid8) of the transaction that was given so many ids ago. An id of the far past, that is too old to be told
     * from a future one, counts as the newest that is seen: it only adds to what is new.
     */
    public long transaction(int age) {
        long last = snapshot.next() - 1;
        long id = newest - age;
        return Long.compareUnsigned(id, last) > 0 ? last : id;
    }

    /** How many ids ago that transaction's was given. */
    public int age(long transaction) {
        return Math.toIntExact(newest - transaction);
    }
}
