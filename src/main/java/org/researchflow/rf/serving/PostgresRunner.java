package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.db.FailingColumn;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Obstacle;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.UnreadableBodies;
import org.researchflow.rf.sql.ResourceRelation;
import org.researchflow.rf.sql.ViewSql;

/** The views compiled and run over the resources as this transaction sees them. */
record PostgresRunner(SourceSettings settings) implements Runner {

    @Override
    public Relations relations(Connection connection, List<KnownView> views, Timings timings) throws SQLException {
        Instant now = now(connection);
        Resources resources = settings.resources(connection);
        List<String> types = views.stream()
                .map(view -> view.plan().resourceType())
                .distinct()
                .toList();
        List<UnreadableBodies> unreadable = UnreadableBodies.count(connection, resources, types);
        List<Body> bodies = views.stream()
                .map(view -> Body.of(view, new Rows.Computed(query(resources, view)), now))
                .toList();
        timings.done("coverage");
        return new Relations(
                RunnerName.POSTGRES,
                bodies,
                Extent.at(now, unreadable.isEmpty()),
                unreadable.stream().map(PostgresRunner::warning).toList());
    }

    /** All rows of a view, as SQL. */
    String query(Resources resources, KnownView view) {
        ViewPlan plan = settings.reading().of(view.plan());
        return ViewSql.rows(plan, relation(resources, plan)).text();
    }

    @Override
    public Optional<Failure> failure(Connection connection, List<KnownView> views, DataError error)
            throws SQLException {
        Resources resources = settings.resources(connection);
        for (KnownView view : views) {
            ViewPlan plan = settings.reading().of(view.plan());
            Optional<String> column = new FailingColumn(
                            connection,
                            plan,
                            some -> ViewSql.rows(some, relation(resources, some))
                                    .text())
                    .find();
            if (column.isPresent()) {
                return Optional.of(Failure.failed(error.about(plan.name(), column))
                        .note("try", "rf views create --set-aside leaves such resources out, and says which they are"));
            }
        }
        return Optional.empty();
    }

    static String warning(UnreadableBodies bodies) {
        return bodies.count() + " live " + bodies.resourceType() + " resources are left out: the bodies are "
                + bodies.reason().inWords()
                + (bodies.reason() == Obstacle.UNDECODED ? "; decode them with  rf views refresh" : "");
    }

    /** The live resources that a plan is about. */
    ResourceRelation resources(Connection connection, ViewPlan plan) throws SQLException {
        return relation(settings.resources(connection), plan);
    }

    private static ResourceRelation relation(Resources resources, ViewPlan plan) {
        return resources.of(plan.resourceType(), plan.readsId(), plan.readsMeta());
    }

    /** The transaction began before its snapshot was taken, so that everything committed before then is seen. */
    static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select transaction_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}
