package org.researchflow.rf.serving;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.researchflow.rf.batch.Inventory;

/**
 * What somebody who asks many questions keeps of the earlier ones: the plans of definitions, and the views as the last
 * question found them. Whether these still are what there is, is for the next one to find out.
 */
public final class Remembered {

    private final Plans plans = new Plans();
    private final AtomicReference<Optional<Seen>> last = new AtomicReference<>(Optional.empty());

    /**
     * The views of a database at one moment.
     *
     * @param mark that the catalog had then
     */
    record Seen(Inventory inventory, KnownViews views, String mark) {}

    Plans plans() {
        return plans;
    }

    Optional<Seen> last() {
        return last.get();
    }

    void seen(Inventory inventory, KnownViews views) {
        last.set(views.mark().map(mark -> new Seen(inventory, views, mark)));
    }
}
