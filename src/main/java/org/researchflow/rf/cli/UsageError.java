package org.researchflow.rf.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What picocli rejects on a command line, said the way rf says everything. */
final class UsageError {

    private UsageError() {}

    static Failure of(ParameterException error, CommandTree tree, List<String> args) {
        CommandSpec command = error.getCommandLine().getCommandSpec();
        return switch (error) {
            case UnmatchedArgumentException e when e.getUnmatched().isEmpty() -> hyphen(command, args);
            case UnmatchedArgumentException e -> unmatched(e.getUnmatched().getFirst(), command, tree);
            // A misspelt option is the likelier reason than the argument that is missing, too.
            case MissingParameterException e
            when unknownOption(e).isPresent() -> noOption(unknownOption(e).get(), command);
            case MissingParameterException e -> missing(e.getMissing(), command, args);
            case OverwrittenOptionException e ->
                help(Failure.usage(name(e.getOverwritten()) + " can be given only once"), command);
            default -> invalid(error, command);
        };
    }

    /** No command of this name, with those that may have been meant. */
    static Failure noCommand(String word, CommandSpec parent, CommandTree tree) {
        String place = parent.parent() == null ? "" : " in " + parent.qualifiedName();
        Failure failure = Failure.usage("no command named " + quoted(word) + place);
        String prefix =
                CommandTree.path(parent).stream().map(name -> name + " ").collect(Collectors.joining());
        List<String> names = tree.typedNames();
        List<String> here = names.stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.contains(" "))
                .toList();
        List<String> near = Suggestion.nearest(word, here).stream().toList();
        if (near.isEmpty()) {
            // Perhaps the command of a group, without its group.
            near = names.stream().filter(name -> name.endsWith(" " + word)).toList();
        }
        near.forEach(name -> failure.note("did you mean", name));
        return near.isEmpty() ? help(failure, parent) : failure;
    }

    private static Failure unmatched(String word, CommandSpec command, CommandTree tree) {
        if (word.startsWith("-") && word.length() > 1) {
            return noOption(word, command);
        }
        if (!tree.below(command).isEmpty()) {
            return noCommand(word, command, tree);
        }
        return help(Failure.usage(command.qualifiedName() + " does not take the argument " + quoted(word)), command);
    }

    private static Failure noOption(String word, CommandSpec command) {
        // What follows may be a secret that somebody took for an option's value.
        String option = word.startsWith("--") ? word.replaceFirst("=.*", "") : word.substring(0, 2);
        Failure failure = Failure.usage(command.qualifiedName() + " has no option " + Printable.line(option));
        return Suggestion.nearest(
                        option,
                        command.optionsMap().keySet().stream()
                                .filter(name -> name.startsWith("--"))
                                .toList())
                .map(near -> failure.note("did you mean", near))
                .orElseGet(() -> help(failure, command));
    }

    /** A value that begins with a hyphen, which picocli takes for an option whatever stands before it. */
    private static Failure hyphen(CommandSpec command, List<String> args) {
        String option = command.options().stream()
                .filter(known -> Arrays.stream(known.names()).anyMatch(name -> hasHyphen(name, args)))
                .map(UsageError::name)
                .findFirst()
                .orElse("an option");
        return help(Failure.usage(option + " cannot have a value that begins with -"), command);
    }

    private static boolean hasHyphen(String option, List<String> args) {
        int at = args.indexOf(option);
        return args.stream().anyMatch(word -> word.startsWith(option + "=-"))
                || (at >= 0 && at + 1 < args.size() && args.get(at + 1).startsWith("-"));
    }

    private static Optional<String> unknownOption(ParameterException error) {
        return error.getCommandLine().getUnmatchedArguments().stream()
                .filter(word -> word.startsWith("-") && word.length() > 1)
                .findFirst();
    }

    private static Failure missing(List<ArgSpec> missing, CommandSpec command, List<String> args) {
        ArgSpec first = missing.getFirst();
        boolean given = first instanceof OptionSpec option && isNamedIn(args, option);
        String what = given
                ? name(first) + " needs a value: " + first.paramLabel()
                : command.qualifiedName() + " needs "
                        + missing.stream().map(UsageError::name).collect(Collectors.joining(", "));
        return help(Failure.usage(what), command);
    }

    private static boolean isNamedIn(List<String> args, OptionSpec option) {
        List<String> names = Arrays.asList(option.names());
        return args.stream().anyMatch(names::contains);
    }

    private static Failure invalid(ParameterException error, CommandSpec command) {
        ArgSpec argument = error.getArgSpec();
        if (argument == null || argument.type() == null) {
            return help(Failure.usage(firstLine(error)), command);
        }
        if (!argument.type().isEnum()) {
            String why = firstLine(error).replaceFirst("^Invalid value for [^:]*: ", "");
            return help(Failure.usage("invalid value for " + name(argument)).note("why", why), command);
        }
        List<String> allowed = Arrays.stream(argument.type().getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .toList();
        String value = String.valueOf(error.getValue());
        Failure failure = Failure.usage(name(argument) + " can be " + alternatives(allowed) + ", not " + quoted(value));
        Suggestion.nearest(value, allowed).ifPresent(near -> failure.note("did you mean", near));
        return failure;
    }

    private static String firstLine(ParameterException error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }

    private static Failure help(Failure failure, CommandSpec command) {
        return failure.note("try", command.qualifiedName() + " --help");
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    /** The word as it was typed, unless it is an address that may hold a password. */
    private static String quoted(String word) {
        return word.contains("://") ? "(an address)" : '"' + word + '"';
    }

    private static String alternatives(List<String> words) {
        return words.size() < 2
                ? String.join("", words)
                : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }
}
