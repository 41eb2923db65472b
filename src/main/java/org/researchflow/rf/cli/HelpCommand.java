package org.researchflow.rf.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rf help views create}: the same as {@code rf views create --help}. */
@Command(
        description = "Explains a command.",
        footer = {"rf help", "rf help help"})
final class HelpCommand implements Action {

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command's name.")
    private List<String> names = List.of();

    @Override
    public ExitCode run(Invocation rf) {
        CommandLine command = rf.tree().whole();
        for (String name : names) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                throw UsageError.noCommand(name, command.getCommandSpec(), rf.tree());
            }
            command = next;
        }
        rf.output().text(new HelpText(rf).of(command.getCommandSpec()));
        return ExitCode.DONE;
    }
}
