package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.ListedView.State;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.Remedies;
import org.researchflow.rf.view.Pack;
import picocli.CommandLine.Command;

/** {@code rf views list}. */
@Command(
        description = {
            "Lists the materialized views.",
            "A view is stale when it is older than its refresh interval, 24 hours without one, or when its definition or"
                    + " the settings have changed since."
        },
        footer = {"rf views list", "rf views list -o json"})
final class ViewsList implements Action, PlainOptions {

    private static final List<Field> SHOWN = List.of(
            Field.text("VIEW", "name"),
            Field.text("KIND", "kind"),
            Field.text("RESOURCE", "resource"),
            Field.count("COLUMNS", "columns"),
            Field.count("ROWS", "rows"),
            Field.size("SIZE", "sizeBytes"),
            Field.age("REFRESHED", "lastRefreshed"),
            Field.text("STATE", "state"));

    /** What programs get beside it. */
    private static final List<Field> MORE = List.of(
            Field.text("REASON", "reason"),
            Field.text("LIVE", "live"),
            Field.text("WATERMARK", "watermark"),
            Field.count("GENERATION", "generation"),
            Field.count("SET ASIDE", "setAside"),
            Field.text("MISFITS", "misfits"),
            Field.text("LAST ERROR", "lastError"));

    @Override
    public void fill(PlainLine line) {
        // It has none of its own.
    }

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        List<ListedView> views = Workplace.of(rf).batch().list(List.of(Pack.values()));
        CompletionNames.of(rf)
                .keep(
                        CompletionNames.Kind.VIEWS,
                        views.stream().map(ListedView::name).toList());
        boolean table = rf.output().format() == OutputFormat.TABLE;
        List<Field> fields = new ArrayList<>(SHOWN);
        if (!table) {
            fields.addAll(MORE);
        }
        if (table && views.isEmpty()) {
            rf.messages().remark("there are no views yet; create them with  rf views create-all");
            return ExitCode.DONE;
        }
        rf.output().rows(new Answer("rf.views/v1", "views", fields), sink -> {
            views.forEach(view -> sink.rowOf(row(view, table)));
            sink.footer(rf.here().in(footer(views)));
        });
        return ExitCode.DONE;
    }

    private static List<@Nullable Object> row(ListedView view, boolean table) {
        Materialization stored = view.materialization();
        List<@Nullable Object> row = new ArrayList<>();
        row.add(view.name());
        row.add(view.kind());
        row.add(stored.resourceType());
        row.add(stored.columns());
        row.add(stored.rows());
        row.add(view.sizeBytes());
        row.add(stored.lastRefreshed());
        row.add(table ? state(view) : word(view.state()));
        if (!table) {
            row.add(view.because().orElse(null));
            row.add(live(view));
            row.add(stored.watermark().at());
            row.add(stored.generation());
            row.add(stored.setAside());
            row.add(ViewRun.document(view.misfits()));
            row.add(stored.lastError().orElse(null));
        }
        return row;
    }

    /** Whether the view's live rows can be read, for programs. */
    static @Nullable String live(ListedView view) {
        return view.live().map(live -> live.name().toLowerCase(Locale.ROOT)).orElse(null);
    }

    private static String besides(ListedView view) {
        return view.live()
                        .map(live -> switch (live) {
                            case PUBLISHED -> ", live";
                            case MISSING -> ", live view MISSING";
                        })
                        .orElse("")
                + setAside(view);
    }

    /** The state and why it is so, for a person. */
    static String state(ListedView view) {
        return switch (view.state()) {
            case FRESH -> word(view.state()) + besides(view);
            case REFRESHING ->
                word(view.state()) + view.holder().map(who -> " (" + who + ")").orElse("");
            case STALE, FAILED ->
                view.state().name()
                        + view.because().map(why -> " (" + why + ")").orElse("")
                        + besides(view);
        };
    }

    private static String setAside(ListedView view) {
        long count = view.materialization().setAside();
        return count == 0 ? "" : ", " + count + " set aside";
    }

    static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String footer(List<ListedView> views) {
        long stale = views.stream().filter(v -> v.state() == State.STALE).count();
        long failed = views.stream().filter(v -> v.state() == State.FAILED).count();
        String footer = views.size()
                + (views.size() == 1 ? " view" : " views")
                + (stale > 0 ? ", " + stale + " stale" : "")
                + (failed > 0 ? ", " + failed + " failed" : "");
        List<String> remedies = Remedies.of(views);
        return remedies.isEmpty() ? footer : footer + ".  Refresh:  " + String.join("  and  ", remedies);
    }
}
