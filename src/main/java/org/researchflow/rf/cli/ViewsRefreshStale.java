package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ListedView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rf views refresh-stale}. */
@Command(
        description = {
            "Brings those views up to date that are stale or whose last refresh failed.",
            "A view is stale when its last refresh is longer ago than its own interval, 24 hours without one, or when"
                    + " the settings or rf have changed since. Views that are not to be refreshed automatically are left"
                    + " alone (rf views set). For crontabs and timers."
        },
        footer = {"rf views refresh-stale", "rf views refresh-stale --max-staleness 1h"})
final class ViewsRefreshStale implements Action {

    @Mixin
    private StalenessFlag staleness = new StalenessFlag();

    @Mixin
    private RefreshFlags flags = new RefreshFlags();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Optional<Duration> limit = staleness.limit(rf.configuration());
        return flags.refresh(
                rf, new RefreshFlags.Wanted("refresh-stale", batch -> stale(rf, batch, limit), false, limit));
    }

    private static List<String> stale(Invocation rf, Batch batch, Optional<Duration> limit) {
        List<String> names = batch.list(List.of()).stream()
                .filter(view -> view.isDue(limit))
                .map(ListedView::name)
                .toList();
        if (names.isEmpty()) {
            rf.messages().remark("no view is stale");
        }
        return names;
    }
}
