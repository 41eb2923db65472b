package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** The resources of which a run will read bodies that may have to be decoded first. */
final class Undecoded {

    private final Set<String> types;
    private final long[] ids;

    private Undecoded(Set<String> types, long[] ids) {
        this.types = types;
        this.ids = ids;
    }

    /** The types of which all are read. */
    Set<String> types() {
        return types;
    }

    /** The internal ids of others. */
    long[] ids() {
        return ids;
    }

    /** Looks in a transaction before the run's own. */
    static Undecoded of(
            Connection connection, Source source, Map<String, Work.Make> toMake, Map<String, Work.Update> toUpdate)
            throws SQLException {
        Set<String> types = new TreeSet<>();
        toMake.values().forEach(make -> types.add(make.definition().plan().resourceType()));
        ChangedResources changed = ChangedResources.find(connection, source, toUpdate.values());
        LongStream ids = LongStream.empty();
        for (Work.Update update : toUpdate.values()) {
            Optional<long[]> few = changed.of(update);
            if (few.isEmpty()) {
                types.add(update.definition().plan().resourceType());
            } else {
                Materialization view = update.existing();
                long[] waiting = new SetAside(connection, view.number(), view.generation()).inLargeObjects();
                ids = LongStream.concat(ids, LongStream.concat(LongStream.of(few.get()), LongStream.of(waiting)));
            }
        }
        return new Undecoded(types, ids.distinct().toArray());
    }
}
