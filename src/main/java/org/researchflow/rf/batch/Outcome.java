package org.researchflow.rf.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;

/** How a run ended for one view. */
public sealed interface Outcome {

    String view();

    /** The view exists with this definition. */
    record Unchanged(String view) implements Outcome {}

    /**
     * The view was built in full and people read the new rows.
     *
     * @param setAside how many live resources have no rows in it
     * @param misfits the columns with values that do not fit, where that is no error
     * @param because why it was not refreshed incrementally; nothing at its creation
     */
    record Built(
            String view,
            long rows,
            long setAside,
            List<Misfit> misfits,
            Duration took,
            Watermark watermark,
            Optional<String> because)
            implements Outcome {
        public Built {
            misfits = List.copyOf(misfits);
        }
    }

    /**
     * The rows of the changed resources were replaced.
     *
     * @param changed how many resources were looked at
     * @param deleted how many rows went
     * @param inserted how many came, be it the same ones again
     * @param rows how many the view has now
     * @param setAside how many live resources have none
     * @param misfits the columns with values that do not fit, where that is no error
     * @param reconciled whether expunged and tagged resources were looked for, too
     */
    record Refreshed(
            String view,
            long changed,
            long deleted,
            long inserted,
            long rows,
            long setAside,
            List<Misfit> misfits,
            boolean reconciled,
            Duration took,
            Watermark watermark)
            implements Outcome {
        public Refreshed {
            misfits = List.copyOf(misfits);
        }
    }

    /**
     * The rows of a SQLView were computed, all of them.
     *
     * @param method {@link #FULL} or {@link #CONCURRENTLY}
     */
    record Recomputed(String view, long rows, Duration took, Watermark watermark, String method) implements Outcome {

        /** A generation was built beside the last one. */
        public static final String FULL = "full";

        /** PostgreSQL changed what is different, while people read. */
        public static final String CONCURRENTLY = "concurrently";
    }

    /**
     * The view was built in full, but readers of its last contents did not finish in time: those stay readable, and
     * the next run publishes.
     *
     * @param waitingFor the sessions in the way
     */
    record Pending(String view, long rows, Duration took, List<String> waitingFor) implements Outcome {
        public Pending {
            waitingFor = List.copyOf(waitingFor);
        }
    }

    /** Another run works on the view; the failure names it. */
    record Locked(String view, Failure failure) implements Outcome {}

    /**
     * The view was not built; its last contents, if any, stay readable.
     *
     * @param contentsOf the moment that those are of, where they are known
     */
    record Failed(String view, Failure failure, Optional<Instant> contentsOf) implements Outcome {
        Failed(String view, Failure failure) {
            this(view, failure, Optional.empty());
        }
    }

    /** The view was dropped. */
    record Dropped(String view) implements Outcome {}
}
