package org.researchflow.rf.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands that make views current again. */
public final class Remedies {

    private Remedies() {}

    /** What to type for those of the views that are stale or failed; nothing where none is. */
    public static List<String> of(List<ListedView> views) {
        List<ListedView> refreshed = views.stream()
                .filter(view -> view.state() == ListedView.State.FAILED
                        || (view.isStale(Optional.empty()) && !view.wantsReplacement()))
                .toList();
        List<ListedView> replaced =
                views.stream().filter(ListedView::wantsReplacement).toList();
        List<String> commands = new ArrayList<>();
        if (!refreshed.isEmpty()) {
            commands.add(
                    refreshed.stream().allMatch(view -> view.isDue(Optional.empty()))
                            ? "rf views refresh-stale"
                            : "rf views refresh " + names(refreshed));
        }
        if (!replaced.isEmpty()) {
            commands.add("rf views create --replace " + names(replaced));
        }
        return commands;
    }

    private static String names(List<ListedView> views) {
        return String.join(" ", views.stream().map(ListedView::name).toList());
    }
}
