package org.researchflow.rf.batch;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run would do for one view.
 *
 * @param view the view's name
 * @param action how it would go about it
 * @param because why so
 * @param changed how many resources an incremental refresh would look at
 * @param sql the statements, where they are few
 */
public record Intention(
        String view, Action action, Optional<String> because, Optional<Long> changed, List<String> sql) {

    /** What happens to a view in a run. */
    public enum Action {
        /** It is as it was asked for. */
        NOTHING,
        /** It is built for the first time, or anew. */
        BUILD,
        /** A finished build is sent to the readers. */
        PUBLISH,
        /** The rows of the changed resources are replaced. */
        INCREMENTAL,
        /** Another run works on it. */
        SKIP,
        /** It cannot be done. */
        REFUSE,
        /** It goes, with its stored rows. */
        DROP,
        /** Its schedule becomes another one. */
        SCHEDULE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Intention {
        sql = List.copyOf(sql);
    }

    public static Intention of(String view, Action action, Optional<String> because) {
        return new Intention(view, action, because, Optional.empty(), List.of());
    }
}
