package org.researchflow.rf.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.view.Pack;

/** Whether the views are there, and as they should be. */
final class ViewChecks {

    private final Batch batch;

    ViewChecks(Batch batch) {
        this.batch = batch;
    }

    List<Finding> findings() {
        return Checks.of("views", batch.database(), () -> of(batch.list(List.of(Pack.FHIR))));
    }

    private static List<Finding> of(List<ListedView> views) {
        if (views.isEmpty()) {
            return List.of(Finding.warn("views", "there are none: every answer is computed from all resources")
                    .fix("rf views create-all"));
        }
        List<Finding> findings = new ArrayList<>();
        for (ListedView view : views) {
            if (view.state() == ListedView.State.FAILED) {
                findings.add(Finding.fail(
                                "views",
                                view.name() + " could not be refreshed"
                                        + view.because().map(why -> ": " + why).orElse(""))
                        .fix("rf views refresh " + Psql.word(view.name())));
            }
            if (view.materialization().setAside() > 0) {
                findings.add(Finding.warn(
                                "views",
                                view.materialization().setAside() + " resources have no rows in " + view.name())
                        .fix("rf views status " + Psql.word(view.name())));
            }
        }
        List<String> stale = views.stream()
                .filter(view -> view.isStale(Optional.empty()))
                .map(ListedView::name)
                .toList();
        if (!stale.isEmpty()) {
            findings.add(Finding.warn("views", "stale: " + String.join(", ", stale))
                    .fix(
                            views.stream()
                                            .filter(view -> view.isStale(Optional.empty()))
                                            .allMatch(ListedView::isAutomatic)
                                    ? "rf views refresh-stale"
                                    : "rf views refresh " + String.join(" ", stale)));
        }
        return findings.isEmpty()
                ? List.of(Finding.ok("views", views.size() + " materialized, and current"))
                : findings;
    }
}
