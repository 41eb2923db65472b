package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;

/**
 * The comparison of several views with a fresh computation.
 *
 * @param connection in one snapshot
 * @param ofResources how those over resources are compared; there is one if any of them is
 */
record Verifications(Database database, Connection connection, Optional<Verification> ofResources) {

    List<Verified> of(Collection<String> views) throws SQLException {
        SqlVerification ofSql = new SqlVerification(connection, SqlGraph.read(connection, List.of()));
        List<Verified> verified = new ArrayList<>();
        for (String view : views) {
            Materialization stored = Catalog.find(connection, view).orElseThrow(() -> Batch.unknown(view));
            requireThere(stored);
            verified.add(
                    stored.form().isSql()
                            ? verified(ofSql, stored)
                            : ofResources.orElseThrow().of(stored));
        }
        return verified;
    }

    private Verified verified(SqlVerification verification, Materialization stored) {
        try {
            return verification.of(stored);
        } catch (SQLException e) {
            throw SqlRun.failure(database, stored.view(), e);
        }
    }

    private void requireThere(Materialization stored) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select pg_catalog.to_regclass(?) is not null")) {
            statement.setString(1, stored.store());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    throw Failure.failed(stored.view() + " cannot be verified: somebody dropped its rows")
                            .note("try", "rf views refresh " + stored.view());
                }
            }
        }
    }
}
