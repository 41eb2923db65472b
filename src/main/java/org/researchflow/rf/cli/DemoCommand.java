package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.Event;
import org.researchflow.rf.cohort.Gender;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.view.Pack;
import picocli.CommandLine.Command;

/** {@code rf demo}. */
@Command(
        description = {
            "Shows rf at work in the sandbox.",
            "Starts a private PostgreSQL with synthetic patients in a HAPI server's tables, materializes views over"
                    + " them, checks these against a computation on the fly, and asks a cohort question. Never touches"
                    + " a configured database; can be run again."
        },
        footer = {"rf demo"})
final class DemoCommand implements Action {

    private static final Cohort MEN_WITH_DIABETES =
            Cohort.all(List.of(Gender.parse(List.of("male")), Event.condition(Code.parse("73211009"))));

    @Override
    public ExitCode run(Invocation rf) {
        Workplace sandbox = Workplace.at(
                        Workplace.sandbox(rf).start(new SandboxSteps(rf.progress())), "the sandbox", rf)
                .from(SourceName.HAPI);
        createViews(rf, sandbox);
        check(rf, sandbox);
        Serving serving = sandbox.serving(RunnerName.HYBRID);
        new CohortAnswer(rf, serving, CohortAnswer.Detail.NONE, SmallCells.TOLD).printCount(MEN_WITH_DIABETES);
        if (rf.output().format() == OutputFormat.TABLE) {
            rf.output().text("""

                    Try:
                      rf --sandbox views list
                      rf --sandbox query --gender female --code 44054006 --ids
                      rf --sandbox query --view patient_simple --where 'gender = female' --limit 5
                    """.replace("  rf ", "  " + System.getProperty("rf.command", "rf") + " "));
        }
        return ExitCode.DONE;
    }

    private static void createViews(Invocation rf, Workplace sandbox) {
        ViewRun run = new ViewRun(rf, "create", "create-all", Pack.FHIR.names());
        Instant start = rf.clock().instant();
        List<Outcome> outcomes = sandbox.batch().create(Pack.FHIR.views(), true, new RunFlags().options(), run);
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Failed(String _, Failure failure, Optional<Instant> _)) {
                throw failure;
            }
        }
        rf.messages()
                .detail(() -> "views created in "
                        + Wording.seconds(Duration.between(start, rf.clock().instant())) + " s");
    }

    /** The stored rows of each view, and the answer, must be what computing them now gives. */
    private static void check(Invocation rf, Workplace sandbox) {
        List<String> views = Pack.FHIR.names();
        Progress.Item item =
                rf.progress().start("Checking " + views.size() + " views against a computation on the fly");
        for (String view : views) {
            requireEqual(
                    view, rows(sandbox, view, RunnerName.MATERIALIZED), rows(sandbox, view, RunnerName.POSTGRES), item);
        }
        requireEqual("the cohort", count(sandbox, RunnerName.MATERIALIZED), count(sandbox, RunnerName.POSTGRES), item);
        item.done();
    }

    private static void requireEqual(String what, List<String> stored, List<String> computed, Progress.Item item) {
        if (!stored.equals(computed)) {
            item.failed(what + " differs");
            throw Failure.of(Failure.Kind.CHECK, "the stored rows of " + what + " are not those computed on the fly")
                    .note("try", "rf sandbox reset");
        }
    }

    private static List<String> rows(Workplace sandbox, String view, RunnerName runner) {
        return sandbox.serving(runner)
                .answer(
                        views -> RowFilter.digest(views.named(view)),
                        (rows, _) -> {
                            rows.next();
                            return List.of(rows.getString(1), String.valueOf(rows.getString(2)));
                        },
                        _ -> () -> {})
                .result();
    }

    private static List<String> count(Workplace sandbox, RunnerName runner) {
        return sandbox.serving(runner)
                .answer(
                        views -> CohortSql.count(MEN_WITH_DIABETES, views),
                        (rows, _) -> {
                            rows.next();
                            return List.of(rows.getString(1));
                        },
                        _ -> () -> {})
                .result();
    }
}
