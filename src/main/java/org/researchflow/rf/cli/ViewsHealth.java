package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.ListedView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rf views health}. */
@Command(
        description = {
            "Says whether all views are current, for monitoring.",
            "Ends with 4 when a view is stale or its last refresh failed. Slow refreshes, large views and"
                    + " resources that were set aside are warnings."
        },
        footer = {"rf views health", "rf views health -o json --max-staleness 26h"})
final class ViewsHealth implements Action {

    @Mixin
    private Thresholds thresholds = new Thresholds();

    @Mixin
    private Monitoring monitoring = new Monitoring();

    @Override
    public ExitCode run(Invocation rf) {
        Thresholds.Limits limits = thresholds.limits(rf.configuration());
        monitoring.requireWritable();
        try {
            List<ListedView> views = Workplace.of(rf).batch().list(List.of());
            Health health = Health.of(views, limits, rf.output().wording());
            print(rf, health);
            health.warnings().forEach(rf.messages()::warning);
            monitoring.write(rf, () -> views, limits.staleness());
            if (health.isGood()) {
                return ExitCode.DONE;
            }
            monitoring.alert(rf, health.alert());
            return ExitCode.CHECK;
        } catch (Failure e) {
            monitoring.alert(rf, new Alert("health", ExitCode.of(e.kind()), List.of(), e.what()));
            throw e;
        }
    }

    /**
     * How the views are, all together.
     *
     * @param total how many there are
     * @param stale those that are too old, each with its reason
     * @param failed those whose last refresh failed, each with its reason
     * @param warnings of what is no reason to be unhealthy
     */
    record Health(int total, List<String> stale, List<String> failed, List<String> warnings) {

        static Health of(List<ListedView> views, Thresholds.Limits limits, Wording wording) {
            List<String> stale = new ArrayList<>();
            List<String> failed = new ArrayList<>();
            List<String> warnings = new ArrayList<>();
            for (ListedView view : views) {
                String because = view.because().map(why -> ": " + why).orElse("");
                if (view.state() == ListedView.State.FAILED) {
                    failed.add(view.name() + because);
                } else if (view.isStale(limits.staleness())) {
                    stale.add(view.name() + because);
                }
                warnings.addAll(limits.warnings(view, wording));
            }
            return new Health(views.size(), stale, failed, warnings);
        }

        boolean isGood() {
            return stale.isEmpty() && failed.isEmpty();
        }

        Alert alert() {
            List<String> reasons =
                    Stream.concat(failed.stream(), stale.stream()).toList();
            return new Alert(
                    "health",
                    ExitCode.CHECK,
                    reasons.stream()
                            .map(reason -> reason.replaceFirst(":.*", ""))
                            .toList(),
                    reasons.getFirst());
        }

        String status() {
            return isGood() ? "healthy" : "unhealthy";
        }
    }

    private static void print(Invocation rf, Health health) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("status", health.status());
        document.put("total_views", health.total());
        document.put("stale_views", health.stale().size());
        document.put("unhealthy_views", health.failed().size());
        List<String> lines = new ArrayList<>();
        lines.add(health.status() + ": " + health.total() + (health.total() == 1 ? " view, " : " views, ")
                + health.stale().size() + " stale, " + health.failed().size() + " failed");
        health.stale().forEach(view -> lines.add("  stale   " + view));
        health.failed().forEach(view -> lines.add("  failed  " + view));
        rf.output().document("rf.health/v1", document, String.join("\n", lines));
    }
}
