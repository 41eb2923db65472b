package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.ListedView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rf views health}. */
@Command(
        description = {
            "Says whether all views are current, for monitoring.",
            "Ends with 4 when a view is stale or its last refresh failed. Slow refreshes, large views and"
                    + " resources that were set aside are warnings."
        },
        footer = {"rf views health", "rf views health -o json --max-staleness 26h"})
final class ViewsHealth implements Action {

    @Option(
            names = "--max-staleness",
            paramLabel = "TIME",
            description = "How long ago a view's last refresh may be (default: each view's own interval, or 24h).")
    private @Nullable String maxStaleness;

    @Option(
            names = "--max-duration",
            paramLabel = "TIME",
            description = "Warn of a refresh that took longer (default: 5s).")
    private String maxDuration = "5s";

    @Option(
            names = "--max-size",
            paramLabel = "MB",
            description = "Warn of a view larger than so many megabytes (default: 50).")
    private long maxSize = 50;

    @Override
    public ExitCode run(Invocation rf) {
        Duration longest = TimeText.parse("--max-duration", maxDuration);
        Optional<Duration> oldest =
                Optional.ofNullable(maxStaleness).map(text -> TimeText.parse("--max-staleness", text));
        if (maxSize < 1) {
            throw Failure.usage("--max-size can be 1 or more megabytes, not " + maxSize);
        }
        List<ListedView> views = Workplace.of(rf).batch().list(List.of());
        List<String> stale = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (ListedView view : views) {
            String because = view.because().map(why -> ": " + why).orElse("");
            if (view.state() == ListedView.State.FAILED) {
                failed.add(view.name() + because);
            } else if (view.isStale(oldest)) {
                stale.add(view.name() + because);
            }
            warnings.addAll(warnings(rf, view, longest));
        }
        boolean healthy = stale.isEmpty() && failed.isEmpty();
        print(rf, views.size(), stale, failed, warnings);
        return healthy ? ExitCode.DONE : ExitCode.CHECK;
    }

    private List<String> warnings(Invocation rf, ListedView view, Duration longest) {
        List<String> warnings = new ArrayList<>();
        Duration took = view.materialization().lastDuration();
        if (took.compareTo(longest) > 0) {
            warnings.add("the last refresh of " + view.name() + " took " + Wording.seconds(took) + " s (limit "
                    + Wording.seconds(longest) + " s)");
        }
        if (view.sizeBytes() > maxSize * 1_000_000) {
            warnings.add(view.name() + " takes " + rf.output().wording().size(view.sizeBytes()) + " (limit " + maxSize
                    + " MB)");
        }
        long without = view.materialization().setAside();
        if (without > 0) {
            warnings.add(rf.output().wording().count(without) + (without == 1 ? " resource has" : " resources have")
                    + " no rows in " + view.name() + "; see why with  rf views status " + view.name());
        }
        return warnings;
    }

    private static void print(
            Invocation rf, int total, List<String> stale, List<String> failed, List<String> warnings) {
        boolean healthy = stale.isEmpty() && failed.isEmpty();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("status", healthy ? "healthy" : "unhealthy");
        document.put("total_views", total);
        document.put("stale_views", stale.size());
        document.put("unhealthy_views", failed.size());
        document.put("stale", stale);
        document.put("unhealthy", failed);
        document.put("warnings", warnings);
        List<String> lines = new ArrayList<>();
        lines.add((healthy ? "healthy: " : "unhealthy: ") + total + (total == 1 ? " view, " : " views, ") + stale.size()
                + " stale, " + failed.size() + " failed");
        stale.forEach(view -> lines.add("  stale   " + view));
        failed.forEach(view -> lines.add("  failed  " + view));
        rf.output().document("rf.health/v1", document, String.join("\n", lines));
        if (rf.output().format() == OutputFormat.TABLE) {
            warnings.forEach(rf.messages()::warning);
        }
    }
}
