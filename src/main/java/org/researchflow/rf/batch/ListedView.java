package org.researchflow.rf.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.view.SqlView;

/**
 * A materialized view as a list of views shows it.
 *
 * @param materialization what the catalog says
 * @param sizeBytes of the stored rows with their indexes
 * @param age since the watermark
 * @param schedule when it is to be refreshed
 * @param misfits the columns with values that do not fit, where that is no error
 * @param change the rows of its last refresh; empty when that was a full build
 * @param state computed when read, never stored
 * @param because why it is stale or failed
 * @param drift what it was built with that is no longer so: settings, definition, compiler, database
 * @param holder who works on it, in words
 * @param live whether the live view beside it is there; empty where none is wanted
 * @param foreign whether it is over the other source, and so none of this one's work
 */
public record ListedView(
        Materialization materialization,
        long sizeBytes,
        Duration age,
        Schedule schedule,
        List<Misfit> misfits,
        Optional<Change> change,
        State state,
        Optional<String> because,
        Optional<Drift> drift,
        Optional<String> holder,
        Optional<Live> live,
        boolean foreign) {

    public ListedView {
        misfits = List.copyOf(misfits);
    }

    /**
     * What a view was built with that is no longer so.
     *
     * @param why in words
     * @param isDefinition whether it is the definition that comes with rf: a refresh keeps the one that is stored
     */
    public record Drift(String why, boolean isDefinition) {}

    /** Whether the live view that is wanted is there. */
    public enum Live {
        PUBLISHED,
        MISSING
    }

    /** Whether the rows can be relied on to be current. */
    public enum State {
        FRESH,
        STALE,
        REFRESHING,
        FAILED
    }

    /**
     * What an incremental refresh did to the stored rows.
     *
     * @param inserted how many came, be it the same ones again
     * @param deleted how many went
     */
    public record Change(long inserted, long deleted) {}

    public String name() {
        return materialization.view();
    }

    /**
     * Whether its last refresh is too long ago, or something else makes it stale.
     *
     * @param other limit instead of its own
     */
    public boolean isStale(Optional<Duration> other) {
        boolean old = age.compareTo(other.orElse(schedule.limit())) > 0;
        return switch (state) {
            case FRESH, REFRESHING -> old;
            case STALE -> old || drift.isPresent();
            case FAILED -> false;
        };
    }

    /** Whether it wants to be built anew from the definition that comes with rf, which no refresh does. */
    public boolean wantsReplacement() {
        return state == State.STALE && drift.filter(Drift::isDefinition).isPresent();
    }

    /** Whether it may be refreshed without being named. */
    public boolean isAutomatic() {
        return schedule.automatic() && !foreign;
    }

    /** Whether it wants to be refreshed without being named. */
    public boolean isDue(Optional<Duration> other) {
        return isAutomatic() && (state == State.FAILED || isStale(other));
    }

    /** When it becomes stale. */
    public Instant due() {
        return materialization.watermark().at().plus(schedule.limit());
    }

    /** What its author says of its upkeep. */
    public SqlView.Upkeep upkeep() {
        return materialization.form().isSql() ? SqlViews.stored(materialization).upkeep() : SqlView.Upkeep.STANDARD;
    }

    public String kind() {
        return materialization.form().kind().toString();
    }
}
