package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.OldestTransaction;
import org.researchflow.rf.view.Pack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views status}. */
@Command(
        description = {
            "Shows how current the views are.",
            "COMPLETE is the moment up to which everything committed is in the view; RECONCILED the last time that it"
                    + " was compared with all resources, as only that finds expunged ones; DUE when it becomes stale.",
            "Warns of stale, slow and large views, of resources without rows, and of what keeps a transaction open for"
                    + " more than a minute: refreshes read again all that was written since it began.",
            "With the name of a view, the live resources that have no rows in it are listed as well: by a hash of their"
                    + " key, or by the key itself with --show-keys. They are set aside because their bodies cannot be"
                    + " read or because the view's SQL fails on them, and tried again when they change or can be read."
        },
        footer = {"rf views status", "rf views status condition_simple", "rf views status -o json"})
final class ViewsStatus implements Action {

    private static final Duration LONG_OPEN = Duration.ofMinutes(1);

    private static final List<Field> SHOWN = List.of(
            Field.text("VIEW", "name"),
            Field.age("COMPLETE", "watermark"),
            Field.age("REFRESHED", "lastRefreshed"),
            Field.text("TOOK", "lastDurationSeconds"),
            Field.count("ROWS", "rows"),
            Field.text("CHANGE", "change"),
            Field.age("RECONCILED", "reconciledAt"),
            Field.text("DUE", "due"),
            Field.text("STATE", "state"));

    /** What programs get beside it. */
    private static final List<Field> MORE = List.of(
            Field.text("REASON", "reason"),
            Field.text("LIVE", "live"),
            Field.text("DRIFT", "drift"),
            Field.text("LOCK HOLDER", "lockHolder"),
            Field.number("AGE", "ageSeconds"),
            Field.number("LIMIT", "limitSeconds"),
            Field.text("AUTO-REFRESH", "autoRefresh"),
            Field.size("SIZE", "sizeBytes"),
            Field.count("GENERATION", "generation"),
            Field.count("SET ASIDE", "setAside"),
            Field.text("MISFITS", "misfits"),
            Field.text("LAST ERROR", "lastError"),
            Field.text("WARNINGS", "warnings"));

    @Mixin
    private Thresholds thresholds = new Thresholds();

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A materialized view (default: all).")
    private @Nullable String name;

    @Option(names = "--show-keys", description = "Name resources by their keys, not by a hash of them.")
    private boolean showKeys;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Thresholds.Limits limits = thresholds.limits(rf.configuration());
        Batch batch = Workplace.of(rf).batch();
        Optional<SetAsideReport> setAside =
                Optional.ofNullable(name).map(view -> SetAsideReport.read(rf, batch, view, showKeys));
        List<ListedView> views = batch.list(List.of(Pack.values())).stream()
                .filter(view -> name == null || view.name().equals(name))
                .toList();
        Optional<OldestTransaction> oldest = batch.oldestTransaction();
        Optional<Duration> ahead = ServerClock.ahead(batch);
        boolean table = rf.output().format() == OutputFormat.TABLE;
        if (table && views.isEmpty()) {
            rf.messages().remark("there are no views yet; create them with  rf views create-all");
            return ExitCode.DONE;
        }
        List<Field> fields = new ArrayList<>(SHOWN);
        if (!table) {
            fields.addAll(MORE);
        }
        rf.output().rows(new Answer("rf.status/v1", "views", fields), sink -> {
            views.forEach(view -> sink.rowOf(table ? shown(rf, view) : exact(rf, view, limits)));
            setAside.ifPresent(report -> report.addTo(sink));
            sink.about("oldestTransaction", oldest.map(ViewsStatus::document).orElse(null));
            sink.about("aheadSeconds", ahead.map(Duration::toSeconds).orElse(null));
        });
        if (table) {
            views.forEach(
                    view -> limits.allWarnings(view, rf.output().wording()).forEach(rf.messages()::warning));
            views.forEach(view -> view.misfits().forEach(misfit -> rf.messages().warning(misfit.inWords(view.name()))));
        }
        ahead.ifPresent(time -> ServerClock.warn(rf, batch, time));
        oldest.filter(held -> held.open()
                        .filter(open -> open.compareTo(LONG_OPEN) >= 0)
                        .isPresent())
                .ifPresent(held -> rf.messages()
                        .warning(
                                "a transaction has been open for "
                                        + Wording.roughly(held.open().orElseThrow()),
                                "holder: " + held.holder(),
                                "why: refreshes read again all that was written since it began, and vacuum waits"));
        return ExitCode.DONE;
    }

    private static Map<String, @Nullable Object> document(OldestTransaction held) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("holder", held.holder());
        document.put("since", held.since().orElse(null));
        document.put("openSeconds", held.open().map(Duration::toSeconds).orElse(null));
        document.put("transactions", held.transactions());
        return document;
    }

    private static Map<String, @Nullable Object> document(ListedView.Change change) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("inserted", change.inserted());
        document.put("deleted", change.deleted());
        return document;
    }

    private static List<@Nullable Object> shown(Invocation rf, ListedView view) {
        Materialization stored = view.materialization();
        List<@Nullable Object> row = new ArrayList<>();
        row.add(view.name());
        row.add(stored.watermark().at());
        row.add(stored.lastRefreshed());
        row.add(Wording.seconds(stored.lastDuration()) + " s");
        row.add(stored.rows());
        row.add(view.change()
                .map(change -> "+" + change.inserted() + " -" + change.deleted())
                .orElse("built anew"));
        row.add(stored.reconciliation().at());
        row.add(view.schedule().automatic() ? rf.output().wording().time(view.due()) : "by hand");
        row.add(ViewsList.state(view));
        return row;
    }

    private static List<@Nullable Object> exact(Invocation rf, ListedView view, Thresholds.Limits limits) {
        Materialization stored = view.materialization();
        List<@Nullable Object> row = new ArrayList<>();
        row.add(view.name());
        row.add(stored.watermark().at());
        row.add(stored.lastRefreshed());
        row.add(stored.lastDuration().toMillis() / 1000.0);
        row.add(stored.rows());
        row.add(view.change().map(ViewsStatus::document).orElse(null));
        row.add(stored.reconciliation().at());
        row.add(view.due());
        row.add(ViewsList.word(view.state()));
        row.add(view.because().orElse(null));
        row.add(ViewsList.live(view));
        row.add(view.drift().map(ListedView.Drift::why).orElse(null));
        row.add(view.holder().orElse(null));
        row.add(view.age().toSeconds());
        row.add(view.schedule().limit().toSeconds());
        row.add(view.schedule().automatic());
        row.add(view.sizeBytes());
        row.add(stored.generation());
        row.add(stored.setAside());
        row.add(ViewRun.document(view.misfits()));
        row.add(stored.lastError().orElse(null));
        row.add(limits.allWarnings(view, rf.output().wording()));
        return row;
    }
}
