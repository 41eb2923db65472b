package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.Schedule;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.view.Definitions;
import org.researchflow.rf.view.Draft;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.SqlView;
import org.researchflow.rf.view.View;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views create}. */
@Command(
        description = {
            "Creates materialized views.",
            "NAME is one of the views that come with rf: patient_simple, patient_demographics, condition_simple,"
                    + " observation_labs, medication_requests, procedure_history, encounter_simple, and those of the"
                    + " pack kpi. A view of one's own is a ViewDefinition in a file, or a SQLView: a Library in JSON, or"
                    + " SQL with a header. A view that exists with the same definition is left alone; one with another"
                    + " definition is only built anew with --replace.",
            "A SQLView comes after the views that it reads. With a unique key it is a materialized view of PostgreSQL's"
                    + " own, refreshed while people read it; without one it is kept as full generations behind a plain"
                    + " view.",
            "A resource whose body cannot be read has no rows; that is counted, and every answer from the view says so."
                    + " A resource on which the view's SQL fails, such as one with several values where the view wants"
                    + " one, makes the creation fail, unless --set-aside leaves it out as well."
        },
        footer = {
            "rf views create condition_simple patient_simple",
            "rf views create -f my_view.json",
            "rf views create -f my_view.json --replace",
            "rf views create -f docs/examples/patients_by_gender.sql",
            "rf views create condition_simple --refresh-interval 1h",
            "rf views create condition_simple --live"
        })
final class ViewsCreate implements Action {

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "A view that comes with rf.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A ViewDefinition in JSON, or a SQLView: a Library in JSON, or SQL with a header; may be"
                    + " given several times.")
    private List<Path> files = new ArrayList<>();

    @Mixin
    private CreateFlags flags = new CreateFlags();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        if (names.isEmpty() && files.isEmpty()) {
            throw Failure.usage("rf views create needs the name of a view or a file")
                    .note("try", "rf views create condition_simple")
                    .note("try", "rf views create -f my_view.json")
                    .note("try", "rf views create-all");
        }
        return create(rf, "create", views(rf), flags);
    }

    /** All that are asked for; whoever mends files wants to know of every one that is wrong. */
    private List<View> views(Invocation rf) throws IOException {
        List<View> views = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String name : names) {
            try {
                views.add(shipped(name));
            } catch (Failure e) {
                failures.add(e);
            }
        }
        for (Path file : files) {
            try {
                views.add(any(file, text(file)));
            } catch (Failure e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            Failure last = failures.removeLast();
            failures.forEach(failure -> rf.messages().error(failure, ExitCode.USAGE));
            throw last;
        }
        return views;
    }

    static ExitCode create(Invocation rf, String command, List<View> views, CreateFlags flags)
            throws IOException, SQLException {
        Workplace workplace = Workplace.of(rf);
        Batch batch = workplace.batch();
        RunOptions options = flags.options();
        if (flags.live()) {
            requireLive(views);
        }
        UnaryOperator<Schedule> reschedule = flags.schedule().change();
        if (flags.dryRun()) {
            return DryRun.print(rf, batch.rehearseCreate(views, flags.replace(), options));
        }
        ViewRun run = new ViewRun(
                rf, "create", command, views.stream().map(View::name).toList(), new CatchUp(rf, workplace)::run);
        Instant start = rf.clock().instant();
        List<Outcome> outcomes = batch.create(views, flags.replace(), options, run);
        if (flags.schedule().given()) {
            batch.schedule(thoseThatExist(outcomes), reschedule);
        }
        if (flags.live()) {
            batch.live(thoseThatExist(outcomes), true, options);
        }
        ServerClock.ahead(batch).ifPresent(ahead -> ServerClock.warn(rf, batch, ahead));
        return run.end(outcomes, Duration.between(start, rf.clock().instant()), true);
    }

    private static void requireLive(List<View> views) {
        for (View view : views) {
            if (view instanceof SqlView) {
                throw Failure.usage("--live goes with ViewDefinitions, and " + view.name() + " is a SQLView");
            }
        }
    }

    private static List<String> thoseThatExist(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> !(outcome instanceof Outcome.Failed || outcome instanceof Outcome.Locked))
                .map(Outcome::view)
                .toList();
    }

    /** The view in a file that has no problem, neither of its form nor of its expressions. */
    static ViewDefinition view(Path file, String text) {
        Draft draft = ViewReader.draft(file.toString(), text);
        ViewCompiler.compile(draft);
        return draft.view();
    }

    /** The same of whatever can be materialized. */
    static View any(Path file, String text) {
        return Definitions.isSql(file.toString(), text) ? Definitions.sqlView(file.toString(), text) : view(file, text);
    }

    private static View shipped(String name) {
        Optional<Pack> pack = Pack.of(name);
        if (pack.isPresent()) {
            return pack.get().any(name);
        }
        List<String> known =
                Stream.of(Pack.values()).flatMap(some -> some.names().stream()).toList();
        Failure failure = Failure.usage("no view named \"" + name + "\" comes with rf");
        Suggestion.nearest(name, known)
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near),
                        () -> failure.note("try", "one of " + String.join(", ", known)));
        throw failure.note("note", "a view of your own:  rf views create -f FILE");
    }

    /** A file's text, which must be UTF-8. */
    static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw Failure.usage("no file " + file).causedBy(e);
        } catch (CharacterCodingException e) {
            throw Failure.usage(file + " is not UTF-8 text").causedBy(e);
        } catch (IOException e) {
            String why = Files.isDirectory(file) ? "it is a folder" : String.valueOf(e.getMessage());
            throw Failure.usage("cannot read " + file).note("why", why).causedBy(e);
        }
    }
}
