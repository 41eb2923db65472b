package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;

/**
 * An incremental refresh of one view, in one transaction: the rows of the changed resources go,
 * those of the live ones among them come, and the watermark moves. The work is proportional to the changes.
 */
final class Update {

    private final Connection connection;
    private final Materialization existing;
    private final ViewPlan plan;
    private final Resources resources;
    private final Build.Setting setting;
    private final SetAside setAside;

    private Update(Connection connection, Work.Update work, Resources resources, Build.Setting setting) {
        this.connection = connection;
        this.existing = work.existing();
        this.plan = work.definition().plan();
        this.resources = resources;
        this.setting = setting;
        this.setAside = new SetAside(connection, existing.number(), existing.generation());
    }

    /**
     * Refreshes a view whose lock is held, inside of a transaction that reads the watermark's snapshot.
     *
     * @param source as it was just before that snapshot
     * @param changed the internal ids of at least all resources that changed since the view's last watermark
     */
    static Outcome of(
            Connection connection,
            Work.Update work,
            Source source,
            long[] changed,
            Watermark watermark,
            Build.Setting setting)
            throws SQLException {
        long started = System.nanoTime();
        boolean reconcile = work.reconcile();
        Reconciliation reconciliation = reconcile
                ? new Reconciliation(watermark.at(), source.state().counters())
                : work.existing().reconciliation();
        return new Update(connection, work, source.resources(), setting)
                .run(changed, watermark, reconciliation, reconcile, started);
    }

    private Outcome run(
            long[] changed, Watermark watermark, Reconciliation reconciliation, boolean reconcile, long started)
            throws SQLException {
        boolean nothing = changed.length == 0 && !reconcile && existing.setAside() == 0;
        Replaced replaced = nothing ? Replaced.NOTHING : replace(changed, reconcile);
        long without = nothing ? 0 : setAside.count();
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        long rows = Catalog.moveWatermark(
                connection,
                new Catalog.Advance(
                        existing, watermark, reconciliation, replaced.deleted(), replaced.inserted(), without, took));
        return new Outcome.Refreshed(
                existing.view(),
                replaced.resources(),
                replaced.deleted(),
                replaced.inserted(),
                rows,
                without,
                Misfits.count(connection, existing.store()),
                reconcile,
                took,
                watermark);
    }

    /** How many resources had rows of theirs replaced, and how many rows those were. */
    private record Replaced(long resources, long deleted, long inserted) {
        static final Replaced NOTHING = new Replaced(0, 0, 0);
    }

    private Replaced replace(long[] changed, boolean reconcile) throws SQLException {
        String type = plan.resourceType();
        Changes changes = Changes.create(connection, existing.number(), resources.identities(type));
        changes.add(changed);
        setAside.addReadable(changes, resources, type);
        if (reconcile) {
            setAside.removeGone(changes.identities());
            changes.addStale(existing.store());
            TagDigests.of(plan, resources, existing.number(), existing.generation())
                    .compare(connection, changes.table(), changes.identities());
        }
        if (resources.sharesIds()) {
            changes.widen();
        }
        changes.analyze();
        setAside.removeAmong(changes);
        long deleted = execute(
                "delete from " + existing.store() + " where rf_key in (select key from " + changes.table() + ")");
        setAside.addUnreadable(resources, type, Optional.of(changes.table()));
        long inserted = new Sifting(
                        connection, plan, resources, new Sifting.Target(existing.store(), setAside, true), setting)
                .insert(changes.table());
        long count = changes.count();
        changes.drop();
        return new Replaced(count, deleted, inserted);
    }

    private long execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            return statement.executeLargeUpdate(sql);
        }
    }
}
