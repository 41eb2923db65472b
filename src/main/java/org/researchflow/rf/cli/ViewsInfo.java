package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.PastRefresh;
import org.researchflow.rf.batch.ViewInfo;
import org.researchflow.rf.view.Pack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rf views info}. */
@Command(
        description = {
            "Tells all about one view.",
            "Its rows and size, its columns with what its author says of them, the indexes of its rows, the views that it"
                    + " reads, and its last refreshes with how long they took; those that found nothing to do are not"
                    + " kept."
        },
        footer = {"rf views info condition_simple", "rf views info mv_kpi_dashboard -o json"})
final class ViewsInfo implements Action {

    @Parameters(paramLabel = "NAME", description = "A materialized view.")
    private String name = "";

    @Override
    public ExitCode run(Invocation rf) {
        ViewInfo info = Workplace.of(rf).batch().info(name, List.of(Pack.values()));
        rf.output()
                .document("rf.view/v1", document(info), text(info, rf.output().wording()));
        return ExitCode.DONE;
    }

    private static Map<String, @Nullable Object> document(ViewInfo info) {
        ListedView listed = info.listed();
        Materialization stored = listed.materialization();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", listed.name());
        document.put("kind", listed.kind());
        document.put("relation", info.relation());
        document.put("materialized_view", stored.form().keyed());
        document.put("description", info.description().orElse(null));
        document.put("reads", info.reads());
        document.put("row_count", stored.rows());
        document.put("size_mb", Math.round(listed.sizeBytes() / 10_000.0) / 100.0);
        document.put("size_bytes", listed.sizeBytes());
        document.put("state", ViewsList.word(listed.state()));
        document.put("reason", listed.because().orElse(null));
        document.put("watermark", stored.watermark().at());
        document.put("last_refreshed", stored.lastRefreshed());
        document.put("refresh_interval_seconds", listed.schedule().limit().toSeconds());
        document.put("auto_refresh", listed.schedule().automatic());
        document.put("columns", info.columns().stream().map(ViewsInfo::column).toList());
        document.put("indexes", info.indexes().stream().map(ViewsInfo::index).toList());
        document.put(
                "refreshes", info.refreshes().stream().map(ViewsInfo::refresh).toList());
        return document;
    }

    private static Map<String, @Nullable Object> column(ViewInfo.Column column) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", column.name());
        document.put("type", column.type());
        document.put("comment", column.comment().orElse(null));
        return document;
    }

    private static Map<String, @Nullable Object> index(ViewInfo.Index index) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", index.name());
        document.put("unique", index.unique());
        document.put("definition", index.definition());
        return document;
    }

    private static Map<String, @Nullable Object> refresh(PastRefresh refresh) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("at", refresh.at());
        document.put("method", refresh.method());
        document.put(
                "duration_seconds",
                refresh.took().map(took -> took.toMillis() / 1000.0).orElse(null));
        document.put("rows", refresh.rows().orElse(null));
        document.put("error", refresh.error().orElse(null));
        return document;
    }

    private static String text(ViewInfo info, Wording wording) {
        ListedView listed = info.listed();
        Materialization stored = listed.materialization();
        List<String> lines = new ArrayList<>();
        lines.add(listed.name() + "  " + listed.kind() + (stored.form().keyed() ? ", a materialized view" : ""));
        info.description().ifPresent(lines::add);
        lines.add("");
        lines.add("query     " + info.relation());
        lines.add("rows      " + wording.count(stored.rows()));
        lines.add("size      " + wording.size(listed.sizeBytes()));
        lines.add("state     " + ViewsList.state(listed));
        if (!info.reads().isEmpty()) {
            lines.add("reads     " + String.join(", ", info.reads()));
        }
        lines.add("");
        int widest = info.columns().stream()
                .mapToInt(column -> column.name().length())
                .max()
                .orElse(0);
        lines.add("COLUMNS");
        info.columns()
                .forEach(column -> lines.add("  " + padded(column.name(), widest) + "  " + column.type()
                        + column.comment()
                                .map(comment -> "\n    " + Printable.line(comment))
                                .orElse("")));
        lines.add("INDEXES");
        info.indexes()
                .forEach(index ->
                        lines.add("  " + index.name() + "  " + (index.unique() ? "unique " : "") + index.definition()));
        lines.add("LAST REFRESHES");
        info.refreshes().forEach(refresh -> lines.add("  " + line(refresh, wording)));
        return lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n"));
    }

    private static String line(PastRefresh refresh, Wording wording) {
        return wording.time(refresh.at()) + "  " + refresh.method()
                + refresh.took()
                        .map(took -> "  " + Wording.seconds(took) + " s")
                        .orElse("")
                + refresh.rows()
                        .map(rows -> "  " + wording.count(rows) + " rows")
                        .orElse("")
                + refresh.error().map(error -> "  " + Printable.line(error)).orElse("");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
