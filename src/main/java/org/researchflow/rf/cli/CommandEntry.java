package org.researchflow.rf.cli;

import java.util.List;
import java.util.function.Supplier;

/**
 * A command's place in the tree.
 *
 * @param group the heading under which its parent's help lists it
 * @param name as it is typed
 * @param create makes the object with picocli's annotations: an {@link Action}, or a mere group of other commands
 * @param commands the commands below it
 */
record CommandEntry(String group, String name, Supplier<?> create, List<CommandEntry> commands) {

    CommandEntry {
        commands = List.copyOf(commands);
    }

    static CommandEntry of(String group, String name, Supplier<?> create, CommandEntry... commands) {
        return new CommandEntry(group, name, create, List.of(commands));
    }
}
