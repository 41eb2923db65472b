package org.researchflow.rf.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.sql.ViewSql;

/** The check that all views hold exactly the rows of a fresh build of what was not set aside. */
final class Rebuilt {

    private Rebuilt() {}

    static void require(TestDatabase database, Batch batch, Supplier<String> told) throws SQLException {
        try (Connection connection = database.connect()) {
            Resources resources = batch.settings().resources(connection);
            for (ListedView listed : batch.list(List.of())) {
                Materialization view = listed.materialization();
                ViewPlan plan = Definition.stored(view.view(), view.definition(), batch.settings())
                        .plan();
                String rebuilt = ViewSql.keyed(
                                plan,
                                resources.except(
                                        "(" + new SetAside(connection, view.number(), view.generation()).ids()
                                                + ") left_out",
                                        plan.resourceType(),
                                        plan.readsId(),
                                        plan.readsMeta()))
                        .text();
                assertThat(differences(connection, view.store(), rebuilt))
                        .as(() -> view.view() + " after\n" + told.get())
                        .isZero();
                assertThat(database.count("select count(*) from sqlonfhir." + view.view()))
                        .isEqualTo(view.rows());
            }
        }
    }

    /** What was set aside, and why, for each view. */
    static List<String> setAside(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select concat_ws(' ', m.view_name, s.key, s.version, s.reason)
                          from sqlonfhir_store.set_aside s
                          join sqlonfhir.materialized_view_metadata m using (view_number, generation)
                         order by 1""")) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        }
    }

    private static long differences(Connection connection, String stored, String rebuilt) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery("""
                    with stored as (select s::text as line from %s s), rebuilt as (select r::text as line from (%s) r)
                    select (select count(*) from (table stored except all table rebuilt) d)
                         + (select count(*) from (table rebuilt except all table stored) d)
                    """.formatted(stored, rebuilt))) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
