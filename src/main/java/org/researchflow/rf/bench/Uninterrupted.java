package org.researchflow.rf.bench;

import java.sql.SQLException;

/**
 * Clearing up on a thread that may have been interrupted, which learns of it only afterwards: it could not even open a
 * connection before.
 */
interface Uninterrupted {

    void clearUp() throws SQLException;

    /** Does it. */
    static void run(Uninterrupted work) throws SQLException {
        boolean interrupted = Thread.interrupted();
        try {
            work.clearUp();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
