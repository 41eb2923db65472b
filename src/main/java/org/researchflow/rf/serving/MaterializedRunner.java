package org.researchflow.rf.serving;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.DataError;

/**
 * The stored rows of exactly the generations that the catalog named in this transaction: a view's name would lead to
 * whatever is published meanwhile, of which this snapshot sees nothing.
 */
record MaterializedRunner(SourceSettings settings) implements Runner {

    @Override
    public Relations relations(Connection connection, List<KnownView> views, Timings timings) {
        return relations(views);
    }

    /** The catalog has said all that there is to know. */
    Relations relations(List<KnownView> views) {
        List<Body> bodies = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (KnownView view : views) {
            Materialization stored = view.stored()
                    .orElseThrow(() -> Failure.usage("view " + view.name() + " is not materialized")
                            .note("try", "rf views create " + view.name())
                            .note("try", "--runner postgres computes it on the fly"));
            if (!stored.isOf(settings)) {
                throw Failure.usage(
                                "view " + view.name() + " was built with other settings, or by another version of rf")
                        .note("why", "built with " + stored.settings())
                        .note("try", "rf views refresh " + view.name())
                        .note("try", "--runner postgres computes it on the fly");
            }
            bodies.add(Body.of(
                    view, new Rows.Stored(stored.store()), stored.watermark().at()));
            withoutRows(stored).ifPresent(warnings::add);
            if (stored.failed()) {
                warnings.add("the last refresh of " + view.name() + " failed; its rows are those of "
                        + stored.watermark().at());
            }
        }
        Body oldest = bodies.stream().min(Comparator.comparing(Body::asOf)).orElseThrow();
        boolean one = areOfOneMoment(views);
        if (!one) {
            warnings.add("the views are of different moments, " + oldest.view() + " of " + oldest.asOf()
                    + ": refresh them together with  rf views refresh-all");
        }
        return new Relations(
                RunnerName.MATERIALIZED, bodies, new Extent(oldest.asOf(), one && haveAllRows(views), one), warnings);
    }

    /** Whether the stored rows of all views are of the same state of the source. */
    static boolean areOfOneMoment(List<KnownView> views) {
        return views.stream()
                        .flatMap(view -> view.stored().stream())
                        .map(stored -> stored.watermark().snapshot())
                        .distinct()
                        .count()
                <= 1;
    }

    /** Whether no resource was set aside. */
    static boolean haveAllRows(List<KnownView> views) {
        return views.stream().flatMap(view -> view.stored().stream()).allMatch(stored -> stored.setAside() == 0);
    }

    /** What to say of resources that were set aside. */
    static Optional<String> withoutRows(Materialization stored) {
        return stored.setAside() == 0
                ? Optional.empty()
                : Optional.of(stored.setAside() + " live " + stored.resourceType() + " resources have no rows in "
                        + stored.view() + "; see why with  rf views status " + stored.view());
    }

    /** Stored rows hold no data that fails; a question's own SQL may. */
    @Override
    public Optional<Failure> failure(Connection connection, List<KnownView> views, DataError error) {
        return Optional.empty();
    }
}
