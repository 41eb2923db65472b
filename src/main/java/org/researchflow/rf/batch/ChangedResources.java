package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.researchflow.rf.source.Sweep;

/**
 * The resources that changed since the watermarks of several views, found in one sweep.
 *
 * @param ids the internal ids, by view; a view of which too many changed is not in it
 */
record ChangedResources(Map<String, long[]> ids) {

    /** From here on a full build is cheaper: one of so many resources. */
    private static final int ONE_OF = 5;

    /** What views of one type and watermark have in common. */
    private record TypeAndAge(String type, int age) {}

    /** Searches in the transaction whose snapshot the views are to be refreshed to. */
    static ChangedResources find(Connection connection, Source source, Collection<Work.Update> updates)
            throws SQLException {
        Map<String, long[]> found = new HashMap<>();
        Map<TypeAndAge, long[]> shared = new HashMap<>();
        if (!updates.isEmpty()) {
            Map<String, Integer> ages = ages(connection, updates);
            Optional<Sweep> sweep = source.resources()
                    .changes(
                            connection,
                            updates.stream().map(ChangedResources::type).collect(Collectors.toSet()),
                            ages.values().stream().max(Integer::compare).orElseThrow());
            for (Work.Update update : updates) {
                if (sweep.isPresent()) {
                    long[] ids = shared.computeIfAbsent(
                            new TypeAndAge(type(update), ages.getOrDefault(update.view(), 0)),
                            asked -> sweep.get().changed(asked.type(), asked.age()));
                    if (areFew(connection, source, type(update), ids.length)) {
                        found.put(update.view(), ids);
                    }
                }
            }
        }
        return new ChangedResources(found);
    }

    /** The internal ids; empty when they are too many, so that a full build is cheaper. */
    Optional<long[]> of(Work.Update update) {
        return Optional.ofNullable(ids.get(update.view()));
    }

    private static String type(Work.Update update) {
        return update.definition().plan().resourceType();
    }

    private static Map<String, Integer> ages(Connection connection, Collection<Work.Update> updates)
            throws SQLException {
        Map<String, Integer> ages = new HashMap<>();
        for (Work.Update update : updates) {
            ages.put(
                    update.view(),
                    Sweep.age(connection, update.existing().watermark().oldestTransaction()));
        }
        return ages;
    }

    private static boolean areFew(Connection connection, Source source, String type, int changed) throws SQLException {
        return changed == 0 || source.resources().hasAtLeast(connection, type, (long) ONE_OF * changed);
    }
}
