package org.researchflow.rf.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Statistics;
import picocli.CommandLine.Command;

/** {@code rf stats}. */
@Command(
        description = {
            "Says how many queries there were, who answered them, and how long they took.",
            "Every query leaves a line in sqlonfhir.query_log, where its role may write it (rf grants): who asked, when,"
                    + " for what kinds of things, how long it took and whether the answer was complete; no value of the"
                    + " question, and nothing of the answer."
                    + " RF_QUERY_LOG=false turns that off. Lines older than a year, or than RF_QUERY_LOG_DAYS days, go when"
                    + " views are refreshed, and when rf views watch begins."
        },
        footer = {"rf stats", "rf stats -o json"})
final class StatsCommand implements Action {

    @Override
    public ExitCode run(Invocation rf) {
        Statistics statistics = Workplace.of(rf)
                .serving(RunnerName.HYBRID)
                .statistics()
                .orElseThrow(() -> Failure.failed("there is no query log that this role may read")
                        .note("why", "it comes with the first view that is created")
                        .note("try", "rf views create-all")
                        .note("try", "rf grants"));
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("total_queries", statistics.queries());
        document.put("materialized_queries", statistics.materialized());
        document.put("postgres_queries", statistics.postgres());
        document.put("speed_layer_queries", statistics.speed());
        document.put("incomplete_queries", statistics.incomplete());
        document.put("materialized_percentage", statistics.materializedPercentage());
        document.put("speed_layer_enabled", rf.configuration().isOn(ConfigKey.USE_SPEED_LAYER));
        document.put("views_cached", statistics.views());
        document.put("mean_ms", rounded(statistics.mean()));
        document.put("p95_ms", rounded(statistics.p95()));
        rf.output().document("rf.stats/v1", document, table(rf.output().wording(), statistics));
        return ExitCode.DONE;
    }

    private static double rounded(double milliseconds) {
        return Math.round(milliseconds * 10) / 10.0;
    }

    private static String table(Wording wording, Statistics statistics) {
        return String.join(
                "\n",
                List.of(
                        "queries              " + wording.count(statistics.queries()),
                        "  from stored rows   " + wording.count(statistics.materialized())
                                + String.format(Locale.ROOT, "  (%.1f %%)", statistics.materializedPercentage()),
                        "  computed           " + wording.count(statistics.postgres()),
                        "  with speed layer   " + wording.count(statistics.speed()),
                        "  incomplete         " + wording.count(statistics.incomplete()),
                        "views                " + wording.count(statistics.views()),
                        String.format(
                                Locale.ROOT,
                                "time                 mean %.1f ms, p95 %.1f ms",
                                statistics.mean(),
                                statistics.p95())));
    }
}
