package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.researchflow.rf.batch.QueryLogTable;
import org.researchflow.rf.db.Transactions;

/**
 * Who asked when, for what kinds of things, how long it took, and whether the answer was complete; no value of the
 * question, and nothing of the answer.
 */
final class QueryLog {

    private QueryLog() {}

    /** Leaves a line if the role may; a query that was answered never fails for it. */
    static void write(Connection connection, Served<?> answer, String question) {
        try {
            if (QueryLogTable.mayWrite(connection)) {
                Transactions.write(connection, inside -> insert(inside, answer, question));
            }
        } catch (SQLException ignored) {
            // The answer is there; a line less in the log is no reason to lose it.
        }
    }

    private static int insert(Connection connection, Served<?> answer, String question) throws SQLException {
        Relations relations = answer.relations();
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '100ms'");
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into sqlonfhir.query_log (runner, newer, views, duration_ms, complete, question)
                values (?, ?, ?, ?, ?, ?)
                """)) {
            statement.setString(1, relations.runner().toString());
            statement.setString(2, relations.newer().from().toString());
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            relations.views().stream()
                                    .map(Relations.ViewUsed::name)
                                    .toArray()));
            statement.setDouble(
                    4,
                    answer.timings().values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum());
            statement.setBoolean(5, relations.complete());
            statement.setString(6, question);
            return statement.executeUpdate();
        }
    }

    /** What the log says of all queries; empty where there is none, or the role may not read it. */
    static Optional<Statistics> read(Connection connection) throws SQLException {
        if (!QueryLogTable.mayRead(connection)) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select count(*) as total,
                               count(*) filter (where runner in ('materialized', 'hybrid')) as materialized,
                               count(*) filter (where runner = 'postgres') as postgres,
                               count(*) filter (where newer = 'redis') as speed,
                               count(*) filter (where not complete) as incomplete,
                               coalesce(avg(duration_ms), 0) as mean,
                               coalesce(percentile_cont(0.95) within group (order by duration_ms), 0) as p95,
                               (select count(*) from sqlonfhir.materialized_view_metadata) as views
                          from sqlonfhir.query_log
                        """)) {
            row.next();
            return Optional.of(new Statistics(
                    row.getLong("total"),
                    row.getLong("materialized"),
                    row.getLong("postgres"),
                    row.getLong("speed"),
                    row.getLong("incomplete"),
                    row.getDouble("mean"),
                    row.getDouble("p95"),
                    row.getLong("views")));
        }
    }
}
