package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The commands as picocli sees them. Only those that an invocation names are built: reading annotations costs time. */
public final class CommandTree {

    private final List<CommandEntry> entries;

    CommandTree(List<CommandEntry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** The root command with everything below it. */
    CommandLine whole() {
        return build(_ -> true);
    }

    /**
     * What a command line asks for.
     *
     * @param options the global ones
     * @param command an {@link Action}, or a mere group of other commands
     * @param model the command as picocli sees it; none where picocli was not needed
     */
    record Chosen(GlobalOptions options, Object command, Optional<CommandSpec> model) {

        private static Chosen of(List<CommandLine> commands) {
            CommandSpec model = commands.getLast().getCommandSpec();
            return new Chosen(commands.getFirst().getCommand(), model.userObject(), Optional.of(model));
        }
    }

    /** What the arguments ask for, read in the shortest way that there is. */
    Chosen chosen(String... args) {
        return PlainLine.read(entries, args).orElseGet(() -> Chosen.of(parse(args)));
    }

    /** Parses the arguments with picocli; returns the commands on the way from the root to the one that is meant. */
    List<CommandLine> parse(String... args) {
        Set<String> words = new HashSet<>(Arrays.asList(args));
        boolean named = entries.stream().anyMatch(entry -> words.contains(entry.name()));
        boolean all = !named || words.contains("help");
        try {
            return parse(build(name -> all || words.contains(name)), args);
        } catch (ParameterException e) {
            if (all) {
                throw e;
            }
            // Said again by the whole tree, which knows what else could have been meant.
            return parse(whole(), args);
        }
    }

    private static List<CommandLine> parse(CommandLine root, String... args) {
        return root.parseArgs(args).asCommandLineList();
    }

    /** The headings and commands under each, below the command with this path from the root. */
    List<CommandEntry> below(CommandSpec command) {
        List<CommandEntry> found = entries;
        for (String name : path(command)) {
            Optional<CommandEntry> next =
                    found.stream().filter(entry -> entry.name().equals(name)).findFirst();
            found = next.map(CommandEntry::commands).orElse(List.of());
        }
        return found;
    }

    /** The names from the first below the root to this command. */
    static List<String> path(CommandSpec command) {
        List<String> names = new ArrayList<>();
        for (CommandSpec next = command; next.parent() != null; next = next.parent()) {
            names.addFirst(next.name());
        }
        return names;
    }

    /** What one can type after {@code rf}: {@code views}, {@code views list}, … */
    List<String> typedNames() {
        List<String> names = new ArrayList<>();
        collect("", entries, names);
        return names;
    }

    private static void collect(String prefix, List<CommandEntry> entries, List<String> names) {
        for (CommandEntry entry : entries) {
            names.add(prefix + entry.name());
            collect(prefix + entry.name() + " ", entry.commands(), names);
        }
    }

    private CommandLine build(Predicate<String> wanted) {
        CommandLine root = new CommandLine(new GlobalOptions());
        add(root, entries, wanted);
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setUnmatchedOptionsAllowedAsOptionParameters(false)
                .setUnmatchedOptionsArePositionalParams(false);
    }

    private static void add(CommandLine parent, List<CommandEntry> entries, Predicate<String> wanted) {
        for (CommandEntry entry : entries) {
            if (wanted.test(entry.name())) {
                CommandLine command = new CommandLine(entry.create().get());
                parent.addSubcommand(entry.name(), command);
                add(command, entry.commands(), wanted);
            }
        }
    }
}
