package org.researchflow.rf.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.load.IncomingResources.Placed;
import org.researchflow.rf.load.Rejection.Reason;
import org.researchflow.rf.source.ResourceStore;
import org.researchflow.rf.source.ResourceStore.Written;

/**
 * The loading of Bulk Data files into the resource table. Batches of some megabytes are committed one after the other:
 * a load that is stopped leaves whole resources, and the same load again passes over them and does the rest.
 */
public final class Load {

    private final Connection connection;
    private final LoadListener listener;
    private Written written = Written.NOTHING;
    private long rejected;
    private @Nullable ResourceStore store;

    private Load(Connection connection, LoadListener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    /**
     * What a load did.
     *
     * @param written what became of the resources
     * @param rejected how many lines hold none that could be taken
     */
    public record Loaded(Written written, long rejected) {}

    /**
     * Loads files in their order.
     *
     * @param exported the moment that they were exported at
     */
    public static Loaded of(
            Connection connection, List<NdjsonFile> files, Optional<Instant> exported, LoadListener listener)
            throws SQLException {
        Load load = new Load(connection, listener);
        try (IncomingResources incoming = new IncomingResources(files, exported, listener, load::reject)) {
            while (incoming.hasNext()) {
                load.writeBatch(incoming);
            }
        }
        // Files that held no resource at all leave no table: in a HAPI server's database it would be a second source.
        boolean nothing = load.store == null && load.rejected > 0;
        if (!nothing || ResourceStore.isIn(connection)) {
            load.store().ended(exported, load.written, load.rejected);
        }
        return new Loaded(load.written, load.rejected);
    }

    private ResourceStore store() throws SQLException {
        ResourceStore open = store;
        if (open == null) {
            open = ResourceStore.open(connection);
            store = open;
        }
        return open;
    }

    private void writeBatch(IncomingResources incoming) throws SQLException {
        try {
            add(store().write(incoming));
            incoming.taken();
        } catch (SQLException e) {
            if (!ResourceStore.isAboutData(e)) {
                throw e;
            }
            writeHalves(incoming.taken());
        }
    }

    /** Writes what failed as a whole, but for the resources that PostgreSQL does not take. */
    private void writeHalves(List<Placed> failed) throws SQLException {
        if (failed.size() == 1) {
            Placed only = failed.getFirst();
            reject(new Rejection(only.file(), only.line(), Reason.NOT_STORABLE));
            return;
        }
        int middle = failed.size() / 2;
        for (List<Placed> half : List.of(failed.subList(0, middle), failed.subList(middle, failed.size()))) {
            try {
                // A part of a batch is a batch.
                add(store().write(half.stream().map(Placed::resource).iterator()));
            } catch (SQLException e) {
                if (!ResourceStore.isAboutData(e)) {
                    throw e;
                }
                writeHalves(half);
            }
        }
    }

    private void add(Written more) {
        written = written.and(more);
        listener.written(written);
    }

    private void reject(Rejection rejection) {
        rejected++;
        listener.rejected(rejection);
    }
}
