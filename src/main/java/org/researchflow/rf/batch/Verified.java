package org.researchflow.rf.batch;

import java.util.List;
import java.util.Optional;

/**
 * What the comparison of a view with a fresh computation found.
 *
 * @param view the view's name
 * @param rows how many rows it holds
 * @param missing how many it should hold, and does not
 * @param extra how many it holds, and should not
 * @param missingOf some of the resources that rows are missing of
 * @param extraOf some of those that it has extra rows of
 * @param setAside how many live resources have no rows, and should have none yet
 * @param live what the live view beside it shows; empty where there is none
 * @param newer how many resources changed since its last refresh; their rows are not compared
 */
public record Verified(
        String view,
        long rows,
        long missing,
        long extra,
        List<String> missingOf,
        List<String> extraOf,
        long setAside,
        Optional<Live> live,
        long newer) {

    /** What became of the comparison of a live view with a fresh computation of all resources. */
    public sealed interface Live {
        /** So many of its rows, and of those that are computed, are not on both sides. */
        record Compared(long differences) implements Live {}

        /** It raises an error, as it does where it cannot be exact. */
        record Refused(String why) implements Live {}

        /** It is wanted, and not there. */
        record Missing() implements Live {}

        default boolean isRight() {
            return switch (this) {
                case Compared(long differences) -> differences == 0;
                case Refused _ -> true;
                case Missing _ -> false;
            };
        }
    }

    public Verified {
        missingOf = List.copyOf(missingOf);
        extraOf = List.copyOf(extraOf);
    }

    /** Whether the view is exactly what a full build would have made of the resources that it has seen. */
    public boolean isRight() {
        return missing == 0 && extra == 0 && live.map(Live::isRight).orElse(true);
    }
}
