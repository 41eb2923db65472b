package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rf views refresh-stale}. */
@Command(
        description = {
            "Brings those views up to date that are stale or whose last refresh failed.",
            "A view is stale when its last refresh is longer ago than its own interval, 24 hours without one, or when"
                    + " the settings or rf have changed since. For crontabs and timers."
        },
        footer = {"rf views refresh-stale", "rf views refresh-stale --max-staleness 1h"})
final class ViewsRefreshStale implements Action {

    @Option(
            names = "--max-staleness",
            paramLabel = "TIME",
            description = "How long ago the last refresh may be: 30m, 24h (default: each view's own interval).")
    private @Nullable String maxStaleness;

    @Mixin
    private RunFlags flags = new RunFlags();

    @Mixin
    private RefreshFlags refresh = new RefreshFlags();

    @Override
    public ExitCode run(Invocation rf) {
        Optional<Duration> limit =
                Optional.ofNullable(maxStaleness).map(text -> TimeText.parse("--max-staleness", text));
        Batch batch = Workplace.of(rf).batch();
        List<String> names = batch.list(List.of()).stream()
                .filter(view -> view.isStale(limit) || view.state() == ListedView.State.FAILED)
                .map(ListedView::name)
                .toList();
        if (names.isEmpty()) {
            rf.messages().remark("no view is stale");
        }
        ViewRun run = new ViewRun(rf, "refresh", "refresh-stale", names);
        Instant start = rf.clock().instant();
        List<Outcome> outcomes = batch.refresh(names, refresh.in(flags.options()), run);
        return run.end(outcomes, Duration.between(start, rf.clock().instant()), false);
    }
}
