package org.researchflow.rf.source;

import java.util.List;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;

/**
 * Live resources of one type whose bodies cannot be read from SQL, for one reason.
 *
 * @param resourceType their type
 * @param reason where the bodies are instead
 * @param count how many
 */
public record UnreadableBodies(String resourceType, Reason reason, long count) {

    /** Why a body cannot be read. */
    public enum Reason {
        /** In a PostgreSQL large object, as HAPI stored bodies before 7.0. */
        LARGE_OBJECT("in PostgreSQL large objects (hfj_res_ver.res_text), where HAPI before 7.0 kept them"),
        /** Outside of the database. */
        ELSEWHERE("outside of the database (encoding ESR)"),
        /** The current version has no row in {@code hfj_res_ver}. */
        NO_VERSION("missing: hfj_res_ver has no row for their current version"),
        /** The version's row has no body at all. */
        NO_BODY("missing: the row of their current version holds none");

        private final String where;

        Reason(String where) {
            this.where = where;
        }
    }

    /** Throws a {@link Failure} that counts them by type and says why; returns when the list is empty. */
    public static void refuse(List<UnreadableBodies> found) {
        if (found.isEmpty()) {
            return;
        }
        long total = found.stream().mapToLong(UnreadableBodies::count).sum();
        Failure failure = Failure.failed("this version of rf cannot read the bodies of " + total + " live resources");
        for (Reason reason : Reason.values()) {
            String types = found.stream()
                    .filter(bodies -> bodies.reason() == reason)
                    .map(bodies -> bodies.count() + " " + bodies.resourceType())
                    .collect(Collectors.joining(", "));
            if (!types.isEmpty()) {
                failure.note("why", types + ": the bodies are " + reason.where);
            }
        }
        throw failure.note("note", "nothing was changed, and nothing is answered from the rest alone");
    }
}
