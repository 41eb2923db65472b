package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.Configuration;
import picocli.CommandLine.ParameterException;

/** One command line from its arguments to its exit code: the one place that catches what commands throw. */
final class CommandRun {

    private final Host host;
    private final CommandTree tree;

    CommandRun(Host host, List<CommandEntry> commands) {
        this.host = host;
        this.tree = new CommandTree(commands);
    }

    int exitCode(String... args) {
        try {
            CommandTree.Chosen chosen = tree.chosen(args);
            Invocation rf = invocation(chosen.options(), chosen.options().verbosity());
            return run(rf, chosen).number();
        } catch (ParameterException e) {
            return rejected(UsageError.of(e, tree, Arrays.asList(args)), args);
        } catch (Failure e) {
            return rejected(e, args);
        }
    }

    private ExitCode run(Invocation rf, CommandTree.Chosen command) {
        try {
            return perform(rf, command);
        } catch (ClosedStream e) {
            return e.readerLeft() ? e.exitCode() : ended(rf, cannotWrite(e));
        } catch (Failure e) {
            return ended(rf, e);
        } catch (IOException | SQLException e) {
            return ended(rf, UnexpectedError.outside(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ended(rf, Failure.failed("interrupted").causedBy(e));
        } catch (RuntimeException | Error e) {
            ExitCode code = ended(rf, UnexpectedError.bug(e));
            rf.messages().stack(e);
            return code;
        }
    }

    private ExitCode perform(Invocation rf, CommandTree.Chosen chosen)
            throws IOException, SQLException, InterruptedException {
        if (rf.options().helpWanted()) {
            return help(rf, chosen);
        }
        if (rf.options().versionWanted()) {
            rf.output().text("rf " + Main.version());
            return ExitCode.DONE;
        }
        return switch (chosen.command()) {
            case Action action -> action.run(rf);
            // A group of commands, named without one of them.
            case Object _ -> help(rf, chosen);
        };
    }

    private static ExitCode help(Invocation rf, CommandTree.Chosen chosen) {
        rf.output().text(new HelpText(rf).of(chosen.model().orElseThrow()));
        return ExitCode.DONE;
    }

    private ExitCode ended(Invocation rf, Failure failure) {
        if (host.cancellation().cancelled()) {
            String what = failure.what();
            Failure interrupted = Failure.failed(what.startsWith("interrupted") ? what : "interrupted: " + what);
            failure.notes().forEach((label, notes) -> notes.forEach(note -> interrupted.note(label, note)));
            rf.messages().error(interrupted, ExitCode.INTERRUPTED);
            return ExitCode.INTERRUPTED;
        }
        ExitCode code = ExitCode.of(failure.kind());
        rf.messages().error(failure, code);
        return code;
    }

    private static Failure cannotWrite(ClosedStream error) {
        return Failure.failed("cannot write to standard output").note("why", String.valueOf(error.getMessage()));
    }

    /** An error before there are valid options that would say how to print it. */
    private int rejected(Failure failure, String... args) {
        Terminal terminal = host.terminal();
        Style style = Style.of(Style.Choice.AUTO, host.environment(), terminal.stderr());
        LiveLines err = new LiveLines(new TextStream(host.err()), false, terminal.columns());
        OutputFormat format = OutputFormat.askedForIn(Arrays.asList(args));
        ExitCode code = ExitCode.of(failure.kind());
        Log log = new Log(err, LogFormat.askedForIn(Arrays.asList(args), host.environment()), host.clock());
        new Messages(err, log, format, style, Verbosity.NORMAL, Whereabouts.NOWHERE_ELSE).error(failure, code);
        return code.number();
    }

    private Invocation invocation(GlobalOptions options, Verbosity verbosity) {
        Terminal terminal = host.terminal();
        Environment environment = host.environment();
        OutputFormat format = options.output();
        Style outStyle = Style.of(options.color(), environment, terminal.stdout());
        Style errStyle = Style.of(options.color(), environment, terminal.stderr());
        boolean quiet = verbosity == Verbosity.QUIET;
        boolean dumb = environment.get("TERM").filter("dumb"::equals).isPresent();
        LogFormat logFormat = options.logFormat(environment);
        LiveLines err = new LiveLines(
                new TextStream(host.err()),
                terminal.stderr() && !dumb && !quiet && logFormat == LogFormat.TEXT,
                terminal.columns());
        Log log = new Log(err, logFormat, host.clock());
        int room = terminal.stdout() ? terminal.columns() : Integer.MAX_VALUE;
        return new Invocation(
                options,
                new Output(
                        new TextStream(host.out()),
                        format,
                        new Wording(!terminal.stdout(), host.clock()),
                        outStyle,
                        room),
                new Messages(err, log, format, errStyle, verbosity, Whereabouts.of(options)),
                log,
                // A program that reads JSON lines from standard error is not to find other lines between them.
                new Progress(err, errStyle, quiet || (format.isJson() && !log.isJson()), log, host.clock()),
                Configuration.of(environment.variables(), environment.home()).with(options.typed(), options.profile()),
                host,
                tree);
    }
}
