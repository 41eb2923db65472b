package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.DataError;

/** Says what rows the names of views stand for, within a read-only repeatable-read transaction. */
interface Runner {
    Relations relations(Connection connection, List<KnownView> views, Timings timings) throws SQLException;

    /**
     * What to tell of an error that the data caused, in the transaction in which it happened, rolled back to before it;
     * empty when there is no more to say than PostgreSQL did.
     */
    Optional<Failure> failure(Connection connection, List<KnownView> views, DataError error) throws SQLException;
}
