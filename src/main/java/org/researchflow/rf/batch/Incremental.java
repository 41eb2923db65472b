package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.source.Sweep;
import org.researchflow.rf.sql.ViewSql;

/**
 * The question whether a view can be refreshed incrementally.
 *
 * @param definition as it is to be from now on
 * @param now the source's state
 * @param wanted what was asked for
 */
record Incremental(Connection connection, Definition definition, SourceState now, RunOptions.Refresh wanted) {

    /** Why it cannot be, or shall not; empty when it can. */
    Optional<String> impossible(Materialization existing, boolean pending) throws SQLException {
        Watermark watermark = existing.watermark();
        if (wanted == RunOptions.Refresh.REBUILD) {
            return Optional.of("asked for");
        }
        if (pending) {
            return Optional.of("a build was waiting to be published");
        }
        if (!existing.settings().equals(definition.settings().text())) {
            return Optional.of("the settings changed");
        }
        if (!existing.hash().equals(definition.hash())) {
            return Optional.of("the definition changed");
        }
        if (existing.compilerVersion() != ViewSql.VERSION) {
            return Optional.of("it was built by another version of the compiler");
        }
        if (!hasStoredRows(existing)) {
            return Optional.of("its stored rows are gone");
        }
        if (!watermark.origin().equals(now.origin())) {
            return Optional.of("the database was restored, upgraded or failed over");
        }
        if (!Sweep.reaches(now, watermark.oldestTransaction())) {
            return Optional.of(
                    now.tracksTransactions()
                            ? "transaction ids went backwards, or far ahead"
                            : "hfj_resource is not a table of this database");
        }
        return Optional.empty();
    }

    private boolean hasStoredRows(Materialization existing) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, existing.store());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
