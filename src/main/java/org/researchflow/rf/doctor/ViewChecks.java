package org.researchflow.rf.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Remedies;
import org.researchflow.rf.view.Pack;

/** Whether the views are there, and as they should be. */
final class ViewChecks {

    private final Batch batch;

    ViewChecks(Batch batch) {
        this.batch = batch;
    }

    List<Finding> findings() {
        return Checks.of("views", batch.database(), () -> of(batch.list(List.of(Pack.values()))));
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
                        .fix("rf views refresh " + ShellWord.of(view.name())));
            }
            if (view.materialization().setAside() > 0) {
                findings.add(Finding.warn(
                                "views",
                                view.materialization().setAside() + " resources have no rows in " + view.name())
                        .fix("rf views status " + ShellWord.of(view.name())));
            }
        }
        // A refresh mends them, or the definition that comes with rf has changed.
        Map<Boolean, List<ListedView>> stale = views.stream()
                .filter(view -> view.isStale(Optional.empty()))
                .collect(Collectors.partitioningBy(ListedView::wantsReplacement));
        stale.forEach((changed, some) -> warning(changed ? "not as rf would build them now" : "stale", some)
                .ifPresent(findings::add));
        return findings.isEmpty()
                ? List.of(Finding.ok("views", views.size() + " materialized, and current"))
                : findings;
    }

    private static Optional<Finding> warning(String what, List<ListedView> stale) {
        return Remedies.of(stale).stream()
                .findFirst()
                .map(command -> Finding.warn(
                                "views",
                                what + ": "
                                        + String.join(
                                                ", ",
                                                stale.stream()
                                                        .map(ListedView::name)
                                                        .toList()))
                        .fix(command));
    }
}
