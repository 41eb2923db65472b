package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The completions for the fish shell, which picocli does not write. */
final class FishCompletion {

    private FishCompletion() {}

    static String of(CommandSpec root) {
        List<String> lines = new ArrayList<>();
        lines.add("# Completions of rf for fish, made from the commands themselves.");
        lines.add("complete -c rf -f");
        root.options().forEach(option -> lines.add(option(option, "")));
        DocumentationTest.specs(root).forEach(command -> {
            String here = condition(command);
            command.subcommands()
                    .forEach((name, below) -> lines.add("complete -c rf" + here + " -a " + name + " -d "
                            + quoted(summary(below.getCommandSpec()))));
            if (command.parent() != null) {
                HelpText.own(command).forEach(option -> lines.add(option(option, here)));
            }
        });
        return String.join("\n", lines) + "\n";
    }

    /** True where the words so far name this command and none below it. */
    private static String condition(CommandSpec command) {
        List<String> conditions = new ArrayList<>();
        CommandTree.path(command).forEach(name -> conditions.add("__fish_seen_subcommand_from " + name));
        if (!command.subcommands().isEmpty()) {
            conditions.add("not __fish_seen_subcommand_from "
                    + String.join(" ", command.subcommands().keySet()));
        }
        return " -n " + quoted(String.join("; and ", conditions));
    }

    private static String option(OptionSpec option, String condition) {
        StringBuilder line = new StringBuilder("complete -c rf").append(condition);
        for (String name : option.names()) {
            line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            Iterable<String> candidates = option.completionCandidates();
            line.append(
                    candidates == null
                            ? " -r"
                            : " -xa "
                                    + quoted(StreamSupport.stream(candidates.spliterator(), false)
                                            .collect(Collectors.joining(" "))));
        }
        return line.append(" -d ").append(quoted(HelpText.explanation(option))).toString();
    }

    private static String summary(CommandSpec command) {
        return HelpText.description(command).lines().findFirst().orElse("");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
