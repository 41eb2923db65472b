package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.SessionLock;
import org.researchflow.rf.source.Resources;

/**
 * The decoding of bodies in large objects for somebody who does not want to wait.
 *
 * @param database of the source
 * @param settings how its resources are read
 */
public record Decoding(Database database, SourceSettings settings) {

    static final String LOCK = "rf large objects";

    static final String LOCKED = "another run is decoding large objects";

    /**
     * Decodes those of some resources, and commits it. Where another run is at it, or the role may not write beside the
     * source, nothing is done: what is not decoded cannot be read yet.
     *
     * @param reader outside of any transaction
     * @return the resources as they can be read from now on
     */
    public Resources of(Connection reader, Resources resources, long[] ids) throws SQLException {
        try {
            CatalogTables.create(reader);
            try (SessionLock _ = SessionLock.acquire(reader, LOCK, LOCKED, Duration.ZERO);
                    Connection writer = database.connect()) {
                resources.decode(reader, writer, Set.of(), ids);
            }
            return settings.resources(reader);
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.LOCKED && e.kind() != Failure.Kind.FAILED) {
                throw e;
            }
            return resources;
        }
    }
}
