package org.researchflow.rf.cli;

import java.util.List;

/** All commands of rf, in the order in which help lists them. */
final class Commands {

    static final List<CommandEntry> ALL = List.of(CommandEntry.of("Learn", "help", HelpCommand::new));

    private Commands() {}
}
