package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import org.researchflow.rf.source.HapiResources;
import org.researchflow.rf.source.HapiSchema;
import org.researchflow.rf.source.SourceState;

/**
 * What a run reads from.
 *
 * @param schema HAPI's tables
 * @param resources in them
 * @param state just before the run's snapshot
 */
record Source(HapiSchema schema, HapiResources resources, SourceState state) {

    static Source read(Connection connection, HapiSchema schema, SourceSettings settings) throws SQLException {
        return new Source(
                schema, new HapiResources(schema, settings.serverZone()), SourceState.read(connection, schema));
    }
}
