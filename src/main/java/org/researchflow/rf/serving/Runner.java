package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Says what rows the names of views stand for, within a read-only repeatable-read transaction. */
interface Runner {
    Relations relations(Connection connection, List<KnownView> views) throws SQLException;
}
