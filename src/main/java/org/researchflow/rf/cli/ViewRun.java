package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Misfit;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;

/** Shows a run over several views while it goes on, and says in the end how it went. */
final class ViewRun implements RunListener {

    private static final String SET_ASIDE = "set_aside";

    private final Invocation rf;
    private final String command;
    private final Runnable beforeCommits;
    private final Progress.Work work;
    private final Map<String, Progress.Item> items = new ConcurrentHashMap<>();

    /**
     * Shows a run.
     *
     * @param verb what happens to each view: {@code create}, {@code refresh}
     * @param command what was typed behind {@code rf views}
     */
    ViewRun(Invocation rf, String verb, String command, List<String> views) {
        this(rf, verb, command, views, () -> {});
    }

    /** Shows a run before whose commits something else is to be done. */
    ViewRun(Invocation rf, String verb, String command, List<String> views, Runnable beforeCommits) {
        this.rf = rf;
        this.beforeCommits = beforeCommits;
        this.command = command;
        this.work = rf.progress().work(verb, views);
    }

    @Override
    public void started(String view) {
        items.put(view, work.start(view));
    }

    @Override
    public void decoded(long bodies) {
        if (bodies > 0) {
            rf.progress().log("decode large objects", "ok", LogFields.none().with("bodies", bodies));
        }
    }

    @Override
    public void beforeCommits() {
        beforeCommits.run();
    }

    private String setAsideInWords(long count) {
        return count == 0 ? "" : ", " + rf.output().wording().count(count) + " set aside";
    }

    @Override
    public void finished(Outcome outcome) {
        Progress.Item item = items.computeIfAbsent(outcome.view(), work::start);
        switch (outcome) {
            case Outcome.Unchanged _ -> item.done("unchanged", LogFields.by("unchanged"));
            case Outcome.Built built ->
                item.done(
                        rf.output().wording().count(built.rows()) + " rows" + setAsideInWords(built.setAside())
                                + built.because()
                                        .map(why -> ", built anew: " + why)
                                        .orElse(""),
                        fields(built));
            case Outcome.Refreshed refreshed ->
                item.done(
                        rf.output().wording().count(refreshed.changed()) + " changed, "
                                + rf.output().wording().count(refreshed.rows() - refreshed.inserted()) + " kept"
                                + setAsideInWords(refreshed.setAside()),
                        fields(refreshed));
            case Outcome.Recomputed computed ->
                item.done(
                        rf.output().wording().count(computed.rows()) + " rows",
                        LogFields.by(computed.method()).with("rows", computed.rows()));
            case Outcome.Pending pending ->
                item.skipped("built, but not published yet: readers of the last contents are still at work ("
                        + String.join(", ", pending.waitingFor()) + ")");
            case Outcome.Locked locked -> item.skipped(holder(locked.failure()));
            case Outcome.Failed failed ->
                item.failed(failed.failure().what()
                        + failed.contentsOf()
                                .map(moment -> "; keeps its contents of " + moment.truncatedTo(ChronoUnit.SECONDS))
                                .orElse(""));
            case Outcome.Dropped _ -> item.done("dropped", LogFields.by("dropped"));
        }
    }

    private static LogFields fields(Outcome.Built built) {
        LogFields fields = LogFields.by("full").with("rows", built.rows()).unlessZero(SET_ASIDE, built.setAside());
        return built.because().map(why -> fields.with("because", why)).orElse(fields);
    }

    private static LogFields fields(Outcome.Refreshed refreshed) {
        LogFields fields = LogFields.by("incremental")
                .with("changed", refreshed.changed())
                .with("rows", refreshed.rows())
                .unlessZero(SET_ASIDE, refreshed.setAside());
        return refreshed.reconciled() ? fields.with("reconciled", true) : fields;
    }

    /**
     * Prints the result for programs, and turns the outcomes into the exit code.
     *
     * @param named whether the views were named one by one: then a lock on the only one is a failure
     */
    ExitCode end(List<Outcome> outcomes, Duration took, boolean named) {
        long failed = count(outcomes, Outcome.Failed.class);
        long locked = count(outcomes, Outcome.Locked.class);
        long pending = count(outcomes, Outcome.Pending.class);
        long good = good(outcomes);
        keepNames(outcomes);
        Failure only = outcomes.size() == 1 ? failure(outcomes.getFirst()) : null;
        if (only != null && (named || failed > 0)) {
            throw only;
        }
        if (rf.output().format() != OutputFormat.TABLE) {
            print(outcomes, failed);
        }
        ExitCode code =
                failed > 0 || pending > 0 ? ExitCode.PARTIAL : named && locked > 0 ? ExitCode.LOCKED : ExitCode.DONE;
        rf.progress()
                .log(
                        command,
                        outcome(code),
                        LogFields.none()
                                .with("ok", good)
                                .with("failed", failed)
                                .with("skipped", locked + pending)
                                .unlessZero(SET_ASIDE, withoutRows(outcomes))
                                .took(took)
                                .with("exit", code.number()));
        explain(outcomes);
        return code;
    }

    private void keepNames(List<Outcome> outcomes) {
        CompletionNames names = CompletionNames.of(rf);
        List<String> dropped = outcomes.stream()
                .filter(Outcome.Dropped.class::isInstance)
                .map(Outcome::view)
                .toList();
        List<String> there = outcomes.stream()
                .filter(outcome -> !(outcome instanceof Outcome.Failed || outcome instanceof Outcome.Dropped))
                .map(Outcome::view)
                .toList();
        names.remove(CompletionNames.Kind.VIEWS, dropped);
        names.add(CompletionNames.Kind.VIEWS, there);
    }

    /** The views that are not as they should be after the run; one that is locked is in somebody else's hands. */
    static List<String> unfinished(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> outcome instanceof Outcome.Failed || outcome instanceof Outcome.Pending)
                .map(Outcome::view)
                .toList();
    }

    /** Why the first of them is not. */
    static String error(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Failed(String view, Failure failure, Optional<Instant> _)) {
                return view + " failed: " + failure.what();
            }
        }
        return "built, but not published yet: readers of the last contents are still at work";
    }

    private static String outcome(ExitCode code) {
        return code == ExitCode.DONE ? "ok" : code == ExitCode.LOCKED ? "LOCKED" : "PARTIAL";
    }

    private static long count(List<Outcome> outcomes, Class<? extends Outcome> kind) {
        return outcomes.stream().filter(kind::isInstance).count();
    }

    /** What is locked, and by whom. */
    private static String holder(Failure failure) {
        return Stream.concat(Stream.of(failure.what()), failure.notes().getOrDefault("holder", List.of()).stream())
                .collect(Collectors.joining(": "));
    }

    private static long good(List<Outcome> outcomes) {
        return outcomes.size()
                - count(outcomes, Outcome.Failed.class)
                - count(outcomes, Outcome.Locked.class)
                - count(outcomes, Outcome.Pending.class);
    }

    private static @Nullable Failure failure(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed -> failed.failure();
            case Outcome.Locked locked -> locked.failure();
            case Outcome.Unchanged _,
                    Outcome.Built _,
                    Outcome.Refreshed _,
                    Outcome.Recomputed _,
                    Outcome.Pending _,
                    Outcome.Dropped _ -> null;
        };
    }

    private static long withoutRows(List<Outcome> outcomes) {
        return outcomes.stream().mapToLong(ViewRun::withoutRows).sum();
    }

    private static long withoutRows(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Built built -> built.setAside();
            case Outcome.Refreshed refreshed -> refreshed.setAside();
            case Outcome.Unchanged _,
                    Outcome.Recomputed _,
                    Outcome.Pending _,
                    Outcome.Locked _,
                    Outcome.Failed _,
                    Outcome.Dropped _ -> 0;
        };
    }

    private static List<Misfit> misfits(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Built built -> built.misfits();
            case Outcome.Refreshed refreshed -> refreshed.misfits();
            case Outcome.Unchanged _,
                    Outcome.Recomputed _,
                    Outcome.Pending _,
                    Outcome.Locked _,
                    Outcome.Failed _,
                    Outcome.Dropped _ -> List.of();
        };
    }

    /** The columns with values that do not fit, as programs read them. */
    static Map<String, Long> document(List<Misfit> misfits) {
        Map<String, Long> document = new LinkedHashMap<>();
        misfits.forEach(misfit -> document.put(misfit.column(), misfit.rows()));
        return document;
    }

    /** Why views failed, and what they lack: the line of progress has no room for it. */
    private void explain(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            misfits(outcome).forEach(misfit -> rf.messages().warning(misfit.inWords(outcome.view())));
            long without = withoutRows(outcome);
            if (without > 0) {
                rf.messages()
                        .warning(
                                rf.output().wording().count(without)
                                        + (without == 1 ? " resource has" : " resources have") + " no rows in "
                                        + outcome.view(),
                                "see why with  rf views status " + outcome.view());
            }
            if (outcome instanceof Outcome.Failed(String view, Failure failure, Optional<Instant> _)) {
                rf.messages()
                        .warning(
                                view + " failed: " + failure.what(),
                                failure.notes().entrySet().stream()
                                        .flatMap(note ->
                                                note.getValue().stream().map(text -> note.getKey() + ": " + text))
                                        .toArray(String[]::new));
            }
        }
    }

    private void print(List<Outcome> outcomes, long failed) {
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        for (Outcome outcome : outcomes) {
            results.put(outcome.view(), result(outcome));
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put(
                "status",
                unfinished(outcomes).isEmpty() ? "success" : failed == outcomes.size() ? "failed" : "partial");
        document.put("total_views", outcomes.size());
        document.put("successful_refreshes", good(outcomes));
        document.put("failed_refreshes", failed);
        document.put("skipped_refreshes", outcomes.size() - failed - good(outcomes));
        document.put("results", results);
        rf.output().document("rf.run/v1", document, "");
    }

    private static Map<String, @Nullable Object> result(Outcome outcome) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        // These four are there whatever happened, in this order.
        for (String member : List.of("status", "duration_seconds", "rows", "error")) {
            result.put(member, null);
        }
        switch (outcome) {
            case Outcome.Unchanged _ -> result.put("status", "unchanged");
            case Outcome.Built built -> {
                result.put("status", "built");
                result.put("duration_seconds", built.took().toMillis() / 1000.0);
                result.put("rows", built.rows());
                result.put("set_aside", built.setAside());
                result.put("misfits", document(built.misfits()));
                result.put("watermark", built.watermark().at());
                result.put("method", "full");
                built.because().ifPresent(why -> result.put("because", why));
            }
            case Outcome.Refreshed refreshed -> {
                result.put("status", "refreshed");
                result.put("duration_seconds", refreshed.took().toMillis() / 1000.0);
                result.put("rows", refreshed.rows());
                result.put("set_aside", refreshed.setAside());
                result.put("misfits", document(refreshed.misfits()));
                result.put("watermark", refreshed.watermark().at());
                result.put("method", "incremental");
                result.put("changed", refreshed.changed());
                result.put("rows_deleted", refreshed.deleted());
                result.put("rows_inserted", refreshed.inserted());
                result.put("reconciled", refreshed.reconciled());
            }
            case Outcome.Recomputed computed -> {
                result.put("status", "refreshed");
                result.put("duration_seconds", computed.took().toMillis() / 1000.0);
                result.put("rows", computed.rows());
                result.put("watermark", computed.watermark().at());
                result.put("method", computed.method());
            }
            case Outcome.Pending built -> {
                result.put("status", "pending");
                result.put("duration_seconds", built.took().toMillis() / 1000.0);
                result.put("rows", built.rows());
            }
            case Outcome.Locked locked -> {
                result.put("status", "locked");
                result.put("error", locked.failure().what());
            }
            case Outcome.Failed failed -> {
                result.put("status", "failed");
                result.put("error", failed.failure().what());
            }
            case Outcome.Dropped _ -> result.put("status", "dropped");
        }
        return result;
    }
}
