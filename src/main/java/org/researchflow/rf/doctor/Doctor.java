package org.researchflow.rf.doctor;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;

/**
 * Looks at a database that rf works on, and changes nothing.
 *
 * @param batch the database, and how resources in it are read
 * @param clock of this machine
 */
public record Doctor(Batch batch, Clock clock) {

    /** All findings, good ones too. */
    public List<Finding> findings() {
        try (Connection connection = Checks.session(batch.database())) {
            List<Finding> findings = new ArrayList<>();
            findings.addAll(new ServerChecks(batch.database(), clock).findings(connection));
            findings.addAll(new SourceChecks(batch, clock).findings(connection));
            findings.addAll(new ViewChecks(batch).findings());
            return findings;
        } catch (Failure e) {
            return List.of(Checks.of("postgresql", e));
        } catch (SQLException e) {
            return List.of(Checks.of("postgresql", batch.database().failure(e)));
        }
    }
}
