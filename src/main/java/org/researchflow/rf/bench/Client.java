package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.SQLException;

/** One who asks the same thing over and over, on one thread. */
interface Client extends AutoCloseable {

    /** What has to be done before each time and is not measured. */
    default void prepare() throws SQLException, IOException, InterruptedException {}

    /** Asks once, to the end. */
    void once() throws SQLException, IOException, InterruptedException;

    @Override
    default void close() throws SQLException {}
}
