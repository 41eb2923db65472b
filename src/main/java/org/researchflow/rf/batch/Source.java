package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceState;

/**
 * What a run reads from.
 *
 * @param resources where they live
 * @param state just before the run's snapshot
 */
record Source(Resources resources, SourceState state) {

    static Source read(Connection connection, Resources resources) throws SQLException {
        return new Source(resources, resources.state(connection));
    }
}
