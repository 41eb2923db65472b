package org.researchflow.rf.speed;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.researchflow.rf.batch.Catalog;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.source.Sweep;

/**
 * From which transactions on nothing is missing.
 *
 * @param standard for most types
 * @param byType for others
 * @param swept where the source has to be searched from
 */
record Beginnings(long standard, Map<String, Long> byType, long swept) {

    Beginnings {
        byType = Map.copyOf(byType);
    }

    /** Those of a coverage that goes on, past everything that will expire before the next round. */
    static Beginnings after(StoredCoverage before, Retention retention, Instant now) {
        Map<String, Long> byType = new HashMap<>(before.fromByType());
        for (String type : before.counts().keySet()) {
            byType.put(type, raised(before, type, retention, now));
        }
        return new Beginnings(before.from(), byType, before.to().oldest());
    }

    // What is older than a mark was last written before its time, and goes when its own has passed.
    private static long raised(StoredCoverage before, String type, Retention retention, Instant now) {
        Instant doomed = now.plus(margin(retention)).minus(retention.of(type));
        return Stream.concat(
                        before.marks().stream(),
                        Stream.of(new StoredCoverage.Mark(
                                before.written(), before.to().oldest())))
                .filter(mark -> !mark.at().isAfter(doomed))
                .map(StoredCoverage.Mark::transaction)
                .reduce(before.from(type), Beginnings::later);
    }

    private static long later(long one, long other) {
        return Long.compareUnsigned(one, other) >= 0 ? one : other;
    }

    /** So long before a change expires it is no longer counted on: longer than from one mark to the next. */
    private static Duration margin(Retention retention) {
        return retention.shortest().dividedBy(16);
    }

    /** From one mark to the next. */
    static Duration grain(Retention retention) {
        return retention.shortest().dividedBy(64);
    }

    /**
     * Those of a coverage that begins: what all views of a type hold need not be kept, and of types without views
     * nothing is.
     *
     * @param now the oldest transaction of the snapshot that will be read
     */
    static Beginnings of(Connection connection, SourceState state, long now) throws SQLException {
        Map<String, Long> byType = new HashMap<>();
        List<Materialization> views = Catalog.mayRead(connection) ? Catalog.ofResources(connection) : List.of();
        for (Materialization view : views) {
            long watermark = view.watermark().oldestTransaction();
            if (view.watermark().origin().equals(state.origin())
                    && Sweep.reaches(state, watermark)
                    && Long.compareUnsigned(watermark, now) < 0) {
                byType.merge(view.resourceType(), watermark, (one, other) -> later(one, other) == one ? other : one);
            }
        }
        return new Beginnings(
                now, byType, byType.values().stream().min(Long::compareUnsigned).orElse(now));
    }

    /** Those of a coverage that begins now. */
    static Beginnings now(long oldest) {
        return new Beginnings(oldest, Map.of(), oldest);
    }

    long of(String resourceType) {
        return byType.getOrDefault(resourceType, standard);
    }

    /** The same with a later one for a type. */
    Beginnings with(String resourceType, long transaction) {
        Map<String, Long> changed = new HashMap<>(byType);
        changed.put(resourceType, later(of(resourceType), transaction));
        return new Beginnings(standard, changed, swept);
    }
}
