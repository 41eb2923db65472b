package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.SQLException;

/** What a series measures; it is run several times, in turns with the others of its scenario. */
public interface Subject {

    Series series();

    /**
     * Measures once.
     *
     * @throws org.researchflow.rf.Failure if it can't be done at all
     */
    Sample run(Pace pace) throws SQLException, IOException, InterruptedException;
}
