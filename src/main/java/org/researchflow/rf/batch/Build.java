package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.ViewSql;

/** A full build of one view, in one transaction on the run's snapshot. */
final class Build {

    /** While PostgreSQL has not been by, changed rows keep indexes from answering alone. */
    private static final String VACUUMED_SOON =
            " with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02)";

    private final Connection connection;
    private final Definition definition;
    private final Resources resources;
    private final Setting setting;

    private Build(Connection connection, Definition definition, Resources resources, Setting setting) {
        this.connection = connection;
        this.definition = definition;
        this.resources = resources;
        this.setting = setting;
    }

    /**
     * How a run treats resources on which a view's SQL fails.
     *
     * @param strict whether they are a failure of the view; otherwise they are set aside
     * @param names how messages name them
     * @param unreadable the types of which some cannot be read, among those that are built
     */
    record Setting(boolean strict, ResourceNames names, Set<String> unreadable) {
        Setting withUnreadable(String type) {
            return new Setting(strict, names, Set.of(type));
        }
    }

    /** Builds the generation of that number and commits it; nobody reads it yet. */
    static Generation of(
            Connection connection,
            Definition definition,
            Numbers numbers,
            Source source,
            Snapshot snapshot,
            Setting setting)
            throws SQLException {
        Build build = new Build(connection, definition, source.resources(), setting);
        return Transactions.write(connection, _ -> {
            snapshot.enter(connection);
            return build.run(
                    numbers,
                    snapshot.watermark(),
                    new Reconciliation(snapshot.watermark().at(), source.state().counters()));
        });
    }

    /**
     * What names a build's table.
     *
     * @param view the view's number, if it has one
     * @param generation the generation's
     */
    record Numbers(Optional<Long> view, long generation) {}

    private Generation run(Numbers numbers, Watermark watermark, Reconciliation reconciliation) throws SQLException {
        long started = System.nanoTime();
        long number = numbers.view().isPresent() ? numbers.view().get() : Catalog.newNumber(connection);
        String store = Generation.store(number, numbers.generation());
        ViewPlan plan = definition.plan();
        Snapshot.useWorkers(connection);
        SetAside setAside = new SetAside(connection, number, numbers.generation());
        long rows = create(store, setAside);
        // Looked for in one scan for all views: each scan reads all versions.
        if (setting.unreadable().contains(plan.resourceType())) {
            setAside.addUnreadable(resources, plan.resourceType(), Optional.empty());
        }
        Indexes.create(connection, number, numbers.generation(), plan.columns());
        Misfits.index(connection, store, Generation.storeName(number, numbers.generation()) + "_misfits");
        execute("analyze " + store);
        TagDigests.of(definition.plan(), resources, number, numbers.generation())
                .write(connection);
        comment(store);
        Generation built = new Generation(
                definition.name(),
                Form.VIEW_DEFINITION,
                number,
                numbers.generation(),
                plan.resourceType(),
                definition.view().json(),
                definition.settings().text(),
                definition.hash(),
                ViewSql.VERSION,
                watermark,
                reconciliation,
                Generation.transactionId(connection),
                rows,
                setAside.count(),
                (System.nanoTime() - started) / 1_000_000);
        Catalog.record(connection, built);
        return built;
    }

    private long create(String store, SetAside setAside) throws SQLException {
        ViewPlan plan = definition.plan();
        String sql = ViewSql.keyed(plan, resources.of(plan.resourceType(), plan.readsId(), plan.readsMeta()))
                .text();
        Savepoint before = connection.setSavepoint();
        try {
            // Not "insert ... select", which PostgreSQL does not run in parallel.
            long rows = execute("create table " + store + VACUUMED_SOON + " as\n" + sql);
            connection.releaseSavepoint(before);
            return rows;
        } catch (SQLException e) {
            DataError.require(e);
            connection.rollback(before);
            execute("create table " + store + VACUUMED_SOON + " as\n" + sql + "\nwith no data");
            return new Sifting(connection, plan, resources, new Sifting.Target(store, setAside, false), setting)
                    .insertAll();
        }
    }

    private void comment(String store) throws SQLException {
        Optional<String> description = definition.description();
        if (description.isPresent()) {
            execute("comment on table " + store + " is " + Identifiers.literal(description.get()));
        }
        for (Column column : definition.plan().columns()) {
            if (column.description().isPresent()) {
                execute("comment on column " + store + '.' + Identifiers.identifier(column.name()) + " is "
                        + Identifiers.literal(column.description().get()));
            }
        }
    }

    private long execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            return statement.getLargeUpdateCount();
        }
    }
}
