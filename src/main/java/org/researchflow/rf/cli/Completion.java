package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.researchflow.rf.cohort.CodeSystem;
import org.researchflow.rf.cohort.Dimension;
import org.researchflow.rf.cohort.Gender;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.view.Pack;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What can be typed where, taken from the commands themselves: what the completions of all shells are written from.
 *
 * <p>Values are words, of which {@code @files} stands for files and {@code @views}, {@code @queries}, {@code @systems} and
 * {@code @profiles} for names that the launcher knows, see {@link CompletionNames}.
 *
 * @param places after which words what can be typed
 * @param global the options that can be typed everywhere
 * @param values what may follow the options that take a value; empty where only the person knows
 */
record Completion(List<Place> places, List<Word> global, Map<String, String> values) {

    /** Something to type, and what a shell that shows explanations shows beside it. */
    record Word(String text, String explanation) {}

    /**
     * A command, and what can follow it.
     *
     * @param path its name below {@code rf}: {@code views create}; nothing for {@code rf} itself
     * @param commands the commands below it
     * @param options its own options
     * @param arguments the values of its arguments
     */
    record Place(String path, List<Word> commands, List<Word> options, String arguments) {
        Place {
            commands = List.copyOf(commands);
            options = List.copyOf(options);
        }
    }

    Completion {
        places = List.copyOf(places);
        global = List.copyOf(global);
    }

    static Completion of(CommandTree tree) {
        CommandSpec root = tree.whole().getCommandSpec();
        Map<String, String> values = new TreeMap<>();
        List<Place> places = new ArrayList<>();
        commands(root).forEach(command -> {
            places.add(new Place(
                    String.join(" ", CommandTree.path(command)),
                    command.subcommands().values().stream()
                            .map(below -> word(below.getCommandSpec()))
                            .toList(),
                    command.parent() == null ? List.of() : words(HelpText.own(command)),
                    arguments(command)));
            command.options().stream()
                    .filter(option -> option.arity().max() > 0)
                    .forEach(option -> addValues(values, command, option));
        });
        return new Completion(places, words(root.options().stream()), values);
    }

    private static Stream<CommandSpec> commands(CommandSpec command) {
        return Stream.concat(
                Stream.of(command),
                command.subcommands().values().stream().flatMap(below -> commands(below.getCommandSpec())));
    }

    private static Word word(CommandSpec command) {
        return new Word(command.name(), summary(HelpText.description(command)));
    }

    private static List<Word> words(Stream<OptionSpec> options) {
        return options.flatMap(option ->
                        Stream.of(option.names()).map(name -> new Word(name, summary(HelpText.explanation(option)))))
                .toList();
    }

    /** The first sentence, or so much of it as fits beside a word. */
    private static String summary(String explanation) {
        String first = explanation.lines().findFirst().orElse("").replaceAll(" \\([^)]*\\)", "");
        return first.split("(?<=[.:]) ", 2)[0].replaceFirst("[.;:]$", "");
    }

    private static void addValues(Map<String, String> values, CommandSpec command, OptionSpec option) {
        String offered = offered(command, option);
        for (String name : option.names()) {
            String before = values.put(name, offered);
            if (before != null && !before.equals(offered)) {
                // One table serves all commands.
                throw new IllegalStateException(name + " takes other values in " + command.qualifiedName());
            }
        }
    }

    private static String arguments(CommandSpec command) {
        return command.positionalParameters().stream()
                .findFirst()
                .map(argument -> offered(command, argument))
                .orElse("");
    }

    private static String offered(CommandSpec command, ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            return StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                    .collect(Collectors.joining(" "));
        }
        return switch (argument.paramLabel()) {
            case "FILE", "DIR" -> "@files";
            case "NAME|FILE" -> "@queries @files";
            case "[SYSTEM|]CODE" ->
                CodeSystem.names().stream().map(name -> name + "|").collect(Collectors.joining(" "));
            case "SYSTEM" -> argument.isOption() ? String.join(" ", CodeSystem.names()) : "@systems";
            case "GENDER" -> String.join(" ", Gender.KNOWN);
            case "WHAT,..." ->
                Stream.of(Dimension.values()).map(Dimension::word).collect(Collectors.joining(" "));
            case "NAME" ->
                switch (argument) {
                    case OptionSpec option -> named(option);
                    case PositionalParamSpec _ -> named(command);
                    default -> "";
                };
            default -> "";
        };
    }

    private static String named(OptionSpec option) {
        return switch (option.longestName()) {
            case "--view" -> "@views";
            case "--query" -> "@queries";
            case "--profile" -> "@profiles";
            default -> "";
        };
    }

    private static String named(CommandSpec command) {
        return switch (String.join(" ", CommandTree.path(command))) {
            case "config show" -> String.join(" ", ConfigKey.keys());
            case "query save", "query delete" -> "@queries";
            case "views create" -> shipped();
            case "views sql" -> "@views " + shipped();
            default -> "@views";
        };
    }

    private static String shipped() {
        return Arrays.stream(Pack.values())
                .flatMap(pack -> pack.names().stream())
                .collect(Collectors.joining(" "));
    }

    /** What follows each option with a value, the options with the same values together, for a shell's {@code case}. */
    Map<String, List<String>> optionsByValues() {
        Map<String, List<String>> options = new LinkedHashMap<>();
        values.forEach((name, offered) ->
                options.computeIfAbsent(offered, _ -> new ArrayList<>()).add(name));
        return options;
    }

    /** Between single quotes, as shells of Bourne's kind have it. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
