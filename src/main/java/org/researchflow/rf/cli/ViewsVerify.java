package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Verified;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views verify}. */
@Command(
        description = {
            "Compares views with a fresh computation.",
            "Computes each view from the resources, or a SQLView from what it reads, and counts the rows that are MISSING in it and those that are EXTRA,"
                    + " all in one snapshot of the database. NEWER resources changed since the view's last refresh and"
                    + " are not compared. Resources that are SET ASIDE have no rows. Ends with 4 when a row is missing or extra,"
                    + " and names some of the resources in question by hashes of their keys.",
            "LIVE says whether the live view beside it, if it is to have one, shows what all resources give, newer ones"
                    + " included, or refuses to answer, as it does where it cannot be exact."
        },
        footer = {"rf views verify", "rf views verify condition_simple"})
final class ViewsVerify implements Action {

    private static final Answer ANSWER = Answer.of(
            "rf.verify/v1",
            "views",
            Field.text("VIEW", "name"),
            Field.count("ROWS", "rows"),
            Field.count("MISSING", "missing"),
            Field.count("EXTRA", "extra"),
            Field.count("SET ASIDE", "setAside"),
            Field.count("NEWER", "newer"),
            Field.text("LIVE", "live"),
            Field.text("RESULT", "result"));

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "A materialized view (default: all).")
    private List<String> names = List.of();

    @Option(names = "--show-keys", description = "Name resources by their keys, not by a hash of them.")
    private boolean showKeys;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Batch batch = Workplace.of(rf).batch();
        List<String> views = names.isEmpty()
                ? batch.list(List.of()).stream().map(ListedView::name).toList()
                : names;
        if (views.isEmpty()) {
            rf.messages().remark("there are no views yet; create them with  rf views create-all");
        }
        List<Verified> verified = verified(rf, batch, views);
        long wrong = verified.stream().filter(view -> !view.isRight()).count();
        rf.output().rows(ANSWER, sink -> {
            verified.forEach(view -> sink.row(
                    view.view(),
                    view.rows(),
                    view.missing(),
                    view.extra(),
                    view.setAside(),
                    view.newer(),
                    live(view),
                    view.isRight() ? "right" : "WRONG"));
            sink.footer(rf.here()
                    .in(
                            wrong == 0
                                    ? verified.size() + (verified.size() == 1 ? " view" : " views")
                                            + ", as computed anew"
                                    : wrong + " of " + verified.size()
                                            + " views wrong.  Mend:  rf views refresh --rebuild "
                                            + String.join(
                                                    " ",
                                                    verified.stream()
                                                            .filter(view -> !view.isRight())
                                                            .map(Verified::view)
                                                            .toList())));
        });
        verified.forEach(view -> explain(rf, view));
        return wrong == 0 ? ExitCode.DONE : ExitCode.CHECK;
    }

    private List<Verified> verified(Invocation rf, Batch batch, List<String> views) throws SQLException {
        try (Progress.Wait _ = rf.progress()
                .waitFor("Computing " + (views.size() == 1 ? "1 view" : views.size() + " views") + " anew")) {
            return batch.verify(views, showKeys);
        }
    }

    private static String live(Verified view) {
        return view.live()
                .map(live -> switch (live) {
                    case Verified.Live.Compared(long differences) -> differences == 0 ? "right" : "WRONG";
                    case Verified.Live.Refused _ -> "refused";
                    case Verified.Live.Missing _ -> "MISSING";
                })
                .orElse("-");
    }

    private static void explainLive(Invocation rf, Verified view) {
        view.live().ifPresent(live -> {
            String name = "sqlonfhir_live." + view.view();
            switch (live) {
                case Verified.Live.Compared(long differences) -> {
                    if (differences > 0) {
                        rf.messages()
                                .warning(
                                        name + " is not what the resources give: " + differences + " rows differ",
                                        "try: rf views refresh --rebuild " + view.view());
                    }
                }
                case Verified.Live.Refused(String why) ->
                    rf.messages().warning(name + " answers with an error and not with rows", "why: " + why);
                case Verified.Live.Missing _ ->
                    rf.messages()
                            .warning(
                                    name + " is not there, although it is wanted",
                                    "try: rf views set " + view.view() + " --live");
            }
        });
    }

    private static void explain(Invocation rf, Verified view) {
        explainLive(rf, view);
        if (view.missing() + view.extra() > 0) {
            List<String> examples = new ArrayList<>();
            if (view.missingOf().isEmpty() && view.extraOf().isEmpty()) {
                rf.messages()
                        .warning(
                                view.view() + " is not what its SQL gives now",
                                "note: what it reads may have changed since its last refresh",
                                "try: rf views refresh " + view.view());
                return;
            }
            if (view.missing() > 0) {
                examples.add("rows are missing of " + String.join(", ", view.missingOf()));
            }
            if (view.extra() > 0) {
                examples.add("there are extra rows of " + String.join(", ", view.extraOf()));
            }
            rf.messages().warning(view.view() + " is not what its resources give", examples.toArray(String[]::new));
        }
    }
}
