package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.sql.Sql;
import org.researchflow.rf.sql.ViewSql;

/**
 * The search for the changed resources on which a view's SQL fails. PostgreSQL does not say which resource an error is
 * about: what fails is halved until only one is left.
 *
 * @param merge which failed
 */
record BadChanges(Connection connection, Merge merge) {

    /** A view that fails on more changes than that does not fit its data. */
    private static final int MOST = 100;

    /** What is wrong with some changes, and what they are: by view, their numbers. */
    record Found(Map<String, List<Long>> numbers, List<String> complaints) {}

    Found find() throws SQLException {
        Map<String, List<Long>> numbers = new HashMap<>();
        List<String> complaints = new ArrayList<>();
        for (ViewPlan plan : merge.plans()) {
            if (!(merge.of(plan) instanceof ChangeSet.OfResources changes)) {
                continue;
            }
            Search search = new Search(merge.reading().of(plan), changes);
            search.sift(0, search.changes.size());
            if (!search.bad.isEmpty()) {
                numbers.put(plan.name(), search.bad);
                search.complaints.forEach((complaint, count) -> complaints.add(count + " changed "
                        + plan.resourceType() + (count == 1 ? " resource has" : " resources have") + " no rows in "
                        + plan.name() + ": " + complaint));
            }
        }
        return new Found(numbers, complaints);
    }

    /** The search in one view. */
    private final class Search {
        private final ViewPlan plan;
        private final ChangeSet.OfResources changes;
        private final List<Long> bad = new ArrayList<>();
        private final Map<String, Integer> complaints = new HashMap<>();

        Search(ViewPlan plan, ChangeSet.OfResources changes) {
            this.plan = plan;
            this.changes = changes;
        }

        void sift(int from, int to) throws SQLException {
            if (from == to) {
                return;
            }
            Savepoint before = connection.setSavepoint();
            try {
                compute(changes.part(from, to));
                connection.releaseSavepoint(before);
            } catch (SQLException e) {
                DataError error = DataError.require(e);
                connection.rollback(before);
                connection.releaseSavepoint(before);
                if (to - from > 1) {
                    int middle = (from + to) >>> 1;
                    sift(from, middle);
                    sift(middle, to);
                } else if (bad.size() == MOST) {
                    throw e;
                } else {
                    bad.add(from + 1L);
                    complaints.merge(error.text(), 1, Integer::sum);
                }
            }
        }

        // The whole row as text: a column that nobody reads is not computed.
        private void compute(ChangeSet.OfResources some) throws SQLException {
            Sql query = Relations.with(
                    List.of(new Cte("rf_change", Cte.ONCE, some.query())),
                    Sql.of("select max(r::text) from ("
                            + ViewSql.rows(plan, some.live("rf_change", plan, "n > 0"))
                                    .text()
                            + ") r"));
            try (PreparedStatement statement = connection.prepareStatement(query.text())) {
                Binding.bind(
                        statement, query.parameters(), 0, query.parameters().size());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                }
            }
        }
    }
}
