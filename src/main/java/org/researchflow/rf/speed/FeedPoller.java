package org.researchflow.rf.speed;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Feeds;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.rest.FhirFeed;
import org.researchflow.rf.rest.FhirServer;
import org.researchflow.rf.source.ResourceStore;
import org.researchflow.rf.source.ResourceStore.Written;
import org.researchflow.rf.source.StoredResource;

/**
 * Takes changes from a FHIR server to rf's own resource table, where the next refresh finds them, and a {@link Poller}
 * that takes them to Redis. Its position is in the database, and moves when a type's window was read to its end: a round
 * that fails is done again, from where the last whole one ended.
 *
 * @param overlap so far before the last window's beginning each one begins: what became visible late is not missed, as
 *     long as it was not later than that
 * @param start from when on a type is asked for that never was
 */
public record FeedPoller(
        Database database,
        FhirServer server,
        Clock clock,
        Duration overlap,
        List<String> types,
        Optional<Instant> start) {

    /**
     * What a round brought.
     *
     * @param written to the resource table
     * @param rejected entries that nothing could be made of
     * @param silent types whose deletions the server does not tell
     */
    public record Brought(Written written, long rejected, List<String> silent) {}

    /** Does a round; a {@link Failure} leaves what was brought by then, and moves nothing. */
    public Brought poll() throws InterruptedException {
        try (Connection connection = database.connect()) {
            ResourceStore store = ResourceStore.open(connection);
            Feeds feeds = Feeds.open(connection);
            List<String> wanted = followed(feeds);
            Bringing round = new Bringing(store);
            for (String type : wanted) {
                poll(feeds, store, type, round);
            }
            return new Brought(round.written, round.rejected, List.copyOf(round.silent));
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** The resource types that are read. */
    public List<String> followed() {
        try (Connection connection = database.connect()) {
            ResourceStore.open(connection);
            return followed(Feeds.open(connection));
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    private List<String> followed(Feeds feeds) throws SQLException {
        List<String> wanted = types.isEmpty() ? feeds.types(name()) : types;
        if (wanted.isEmpty()) {
            throw Failure.usage("nothing says which resource types to read")
                    .note("why", "there are no views, no loaded resources, and no --type")
                    .note("try", "--type Patient --type Condition");
        }
        return wanted;
    }

    private String name() {
        return server.base().toString();
    }

    private void poll(Feeds feeds, ResourceStore store, String type, Bringing round)
            throws SQLException, InterruptedException {
        Optional<Instant> known = feeds.since(name(), type).or(() -> start);
        Instant since = known.isPresent()
                ? known.get()
                : store.asOf().map(moment -> moment.minus(overlap)).orElseThrow(() -> noStart(type));
        long rejectedBefore = round.rejected;
        FhirFeed.Window window = new FhirFeed(server).read(type, since, round::write);
        round.rejected += window.rejected();
        // Its own clock may be wrong; so was the one that its resources were stamped with.
        Instant at = window.at().orElseGet(clock::instant);
        Instant next = at.minus(overlap);
        boolean whole = round.rejected == rejectedBefore;
        feeds.moved(
                name(),
                type,
                next.isBefore(since) ? since : next,
                new Feeds.Told(at, overlap, window.deletions(), whole),
                store.asOf());
        if (!window.deletions()) {
            round.silent.add(type);
        }
    }

    private static Failure noStart(String type) {
        return Failure.usage("nothing says from when on changes of " + type + " are wanted")
                .note("why", "no load told when its files were exported")
                .note("try", "rf load FOLDER --as-of TIME")
                .note("try", "--since 1970-01-01T00:00:00Z reads all that the server has");
    }

    /** What a round has brought by now. */
    private static final class Bringing {
        private final ResourceStore store;
        private final List<String> silent = new ArrayList<>();
        private Written written = Written.NOTHING;
        private long rejected;

        Bringing(ResourceStore store) {
            this.store = store;
        }

        /** Writes a page, but for the resources that PostgreSQL does not take. */
        void write(List<StoredResource> resources) throws SQLException {
            if (resources.isEmpty()) {
                return;
            }
            try {
                Iterator<StoredResource> all = resources.iterator();
                while (all.hasNext()) {
                    written = written.and(store.write(all));
                }
            } catch (SQLException e) {
                if (!ResourceStore.isAboutData(e)) {
                    throw e;
                }
                if (resources.size() == 1) {
                    rejected++;
                    return;
                }
                int middle = resources.size() / 2;
                write(resources.subList(0, middle));
                write(resources.subList(middle, resources.size()));
            }
        }
    }
}
