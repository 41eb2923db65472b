package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.DataError;

/**
 * A question that reads tables and SQLViews only, which are what they are whoever answers.
 *
 * @param name of the runner that was asked
 */
record TablesRunner(RunnerName name) implements Runner {

    @Override
    public Relations relations(Connection connection, List<KnownView> views, Timings timings) throws SQLException {
        return new Relations(name, List.of(), Extent.at(PostgresRunner.now(connection), true), List.of());
    }

    @Override
    public Optional<Failure> failure(Connection connection, List<KnownView> views, DataError error) {
        return Optional.empty();
    }
}
