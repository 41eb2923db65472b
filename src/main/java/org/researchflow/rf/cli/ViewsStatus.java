package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.view.Pack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views status}. */
@Command(
        description = {
            "Shows how current the views are.",
            "COMPLETE is the moment up to which everything committed is in the view; RECONCILED the last time that it"
                    + " was compared with all resources, as only that finds expunged ones; DUE when it becomes stale;"
                    + " ASIDE how many live resources have no rows in it.",
            "With the name of a view, these resources are listed as well: by a hash of their key, or by the key itself"
                    + " with --show-keys. They are set aside because their bodies cannot be read or because the view's"
                    + " SQL fails on them, and tried again when they change or can be read."
        },
        footer = {"rf views status", "rf views status condition_simple", "rf views status -o json"})
final class ViewsStatus implements Action {

    private static final List<Field> SHOWN = List.of(
            Field.text("VIEW", "name"),
            Field.text("STATE", "state"),
            Field.age("COMPLETE", "watermark"),
            Field.age("REFRESHED", "lastRefreshed"),
            Field.text("TOOK", "lastDurationSeconds"),
            Field.count("ROWS", "rows"),
            Field.count("ASIDE", "setAside"),
            Field.age("RECONCILED", "reconciledAt"),
            Field.text("DUE", "due"));

    /** What programs get beside it. */
    private static final List<Field> MORE = List.of(
            Field.text("REASON", "reason"),
            Field.number("AGE", "ageSeconds"),
            Field.number("LIMIT", "limitSeconds"),
            Field.count("GENERATION", "generation"),
            Field.text("LAST ERROR", "lastError"));

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A materialized view (default: all).")
    private @Nullable String name;

    @Option(names = "--show-keys", description = "Name resources by their keys, not by a hash of them.")
    private boolean showKeys;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Batch batch = Workplace.of(rf).batch();
        List<ListedView> all = batch.list(Pack.FHIR.views());
        Optional<SetAsideReport> setAside =
                Optional.ofNullable(name).map(view -> SetAsideReport.read(rf, batch, view, showKeys));
        List<ListedView> views = all.stream()
                .filter(view -> name == null || view.name().equals(name))
                .toList();
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
            views.forEach(view -> sink.rowOf(row(rf, view, table)));
            setAside.ifPresent(report -> report.addTo(sink));
        });
        return ExitCode.DONE;
    }

    private static List<@Nullable Object> row(Invocation rf, ListedView view, boolean table) {
        Materialization stored = view.materialization();
        List<@Nullable Object> row = new ArrayList<>();
        row.add(view.name());
        row.add(view.state().name().toLowerCase(Locale.ROOT));
        row.add(stored.watermark().at());
        row.add(stored.lastRefreshed());
        row.add(
                table
                        ? Wording.seconds(stored.lastDuration()) + " s"
                        : (Object) (stored.lastDuration().toMillis() / 1000.0));
        row.add(stored.rows());
        row.add(stored.setAside());
        row.add(stored.reconciliation().at());
        row.add(table ? rf.output().wording().time(view.due()) : (Object) view.due());
        if (!table) {
            row.add(view.because().orElse(null));
            row.add(view.age().toSeconds());
            row.add(view.limit().toSeconds());
            row.add(stored.generation());
            row.add(stored.lastError().orElse(null));
        }
        return row;
    }
}
