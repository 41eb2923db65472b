package org.researchflow.rf.cli;

import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rf completion}. */
@Command(
        description = {
            "Prints the completions for a shell.",
            "They complete commands, options, files, and names: of views, saved queries, code systems, settings, profiles."
                    + " Names in a database are those that rf views list, rf query list and others found there last; no Java"
                    + " is started, and nobody is asked. Packages and make install put completions where shells find them."
        },
        footer = {
            "rf completion bash >~/.local/share/bash-completion/completions/rf",
            "rf completion zsh >~/.zfunc/_rf          # in ~/.zshrc: fpath+=~/.zfunc",
            "rf completion fish >~/.config/fish/completions/rf.fish"
        })
final class CompletionCommand implements Action {

    /** The shells that there are completions for. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        String script(CommandTree tree) {
            Completion completion = Completion.of(tree);
            return switch (this) {
                case BASH -> BashCompletion.of(completion);
                case ZSH -> ZshCompletion.of(completion);
                case FISH -> FishCompletion.of(completion);
            };
        }
    }

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    private Shell shell = Shell.BASH;

    @Override
    public ExitCode run(Invocation rf) {
        rf.output().text(shell.script(rf.tree()));
        return ExitCode.DONE;
    }
}
