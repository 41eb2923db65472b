package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import org.researchflow.rf.source.SourceState;

/** Says what there is to do for each view of a run. */
interface Decision {

    /**
     * Decides for one view; a {@link org.researchflow.rf.Failure} when nothing can be done for it.
     *
     * @param now the source, as it was just before
     */
    Work decide(Connection connection, String view, SourceState now) throws SQLException;
}
