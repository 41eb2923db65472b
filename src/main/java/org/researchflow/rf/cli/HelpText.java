package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The help of a command: usage, description, arguments, options, the commands below it by group, and examples, which
 * are the lines of its annotation's {@code footer}.
 */
final class HelpText {

    private static final int WIDEST = 100;
    private static final int TERM_WIDTH = 26;

    private final CommandTree tree;
    private final Style style;
    private final int width;
    private final StringBuilder text = new StringBuilder();

    HelpText(Invocation rf) {
        this(rf.tree(), rf.output().style(), Math.min(WIDEST, rf.terminal().columns()));
    }

    HelpText(CommandTree tree, Style style, int width) {
        this.tree = tree;
        this.style = style;
        this.width = width;
    }

    String of(CommandSpec command) {
        text.setLength(0);
        heading("Usage");
        text.append("  ").append(synopsis(command, tree)).append('\n');
        text.append('\n');
        description(command).lines().forEach(line -> paragraph("", line));
        section(
                "Arguments",
                command.positionalParameters().stream().map(HelpText::term).toList());
        commands(command);
        section("Options", own(command).map(HelpText::term).toList());
        globalOptions(command);
        examples(command);
        if (command.parent() == null) {
            exitCodes();
            paragraph("", "Explain a command:  rf help COMMAND");
        }
        return text.toString();
    }

    /** {@code rf views create [options] NAME...} */
    static String synopsis(CommandSpec command, CommandTree tree) {
        Stream<String> arguments = command.positionalParameters().stream().map(HelpText::usage);
        String after = command.userObject() instanceof Action ? "[COMMAND]" : "COMMAND";
        Stream<String> below = tree.below(command).isEmpty() ? Stream.of() : Stream.of(after);
        return Stream.of(Stream.of(command.qualifiedName(), "[options]"), below, arguments)
                .flatMap(words -> words)
                .collect(Collectors.joining(" "));
    }

    static String description(CommandSpec command) {
        return String.join("\n", command.usageMessage().description());
    }

    /** The command's own options; the global ones belong to the root. */
    static Stream<OptionSpec> own(CommandSpec command) {
        return command.options().stream().filter(option -> !option.inherited() && !option.hidden());
    }

    static List<String> examplesOf(CommandSpec command) {
        return List.of(command.usageMessage().footer());
    }

    /** {@code -o, --output FORMAT} */
    static String names(OptionSpec option) {
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    /** {@code NAME...}, in brackets when it may be left out. */
    static String usage(PositionalParamSpec argument) {
        String label = argument.arity().max() > 1 ? argument.paramLabel() + "..." : argument.paramLabel();
        return argument.arity().min() > 0 ? label : "[" + label + "]";
    }

    static String explanation(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    private void commands(CommandSpec command) {
        List<CommandEntry> entries = tree.below(command);
        Set<String> groups =
                new LinkedHashSet<>(entries.stream().map(CommandEntry::group).toList());
        for (String group : groups) {
            section(
                    group,
                    entries.stream()
                            .filter(entry -> entry.group().equals(group))
                            .map(entry -> new Term(entry.name(), summary(command, entry)))
                            .toList());
        }
    }

    /** The first sentence of what the command says about itself. */
    private static String summary(CommandSpec parent, CommandEntry entry) {
        var built = parent.subcommands().get(entry.name());
        CommandSpec command = built != null
                ? built.getCommandSpec()
                : CommandSpec.forAnnotatedObject(entry.create().get());
        return description(command).lines().findFirst().orElse("");
    }

    private void globalOptions(CommandSpec command) {
        List<OptionSpec> inherited =
                command.options().stream().filter(OptionSpec::inherited).toList();
        if (!inherited.isEmpty()) {
            String names = inherited.stream().map(OptionSpec::longestName).collect(Collectors.joining(", "));
            text.append('\n');
            heading("Global options");
            paragraph("  ", names + " (see: rf help)");
        }
    }

    private void examples(CommandSpec command) {
        List<String> examples = examplesOf(command);
        if (!examples.isEmpty()) {
            text.append('\n');
            heading("Examples");
            examples.forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }

    private void exitCodes() {
        List<Term> codes = new ArrayList<>();
        for (ExitCode code : ExitCode.values()) {
            codes.add(new Term(Integer.toString(code.number()), code.meaning()));
        }
        section("Exit codes", codes);
        text.append('\n');
    }

    private record Term(String name, String explanation) {}

    private static Term term(OptionSpec option) {
        // Long names stand below each other, whether there is a short one or not.
        return new Term((option.shortestName().startsWith("--") ? "    " : "") + names(option), explanation(option));
    }

    private static Term term(PositionalParamSpec argument) {
        return new Term(usage(argument), explanation(argument));
    }

    private void section(String title, List<Term> terms) {
        if (terms.isEmpty()) {
            return;
        }
        text.append('\n');
        heading(title);
        int longest =
                terms.stream().mapToInt(term -> term.name().length()).max().orElse(0);
        int column = 2 + Math.min(longest, TERM_WIDTH) + 2;
        for (Term term : terms) {
            List<String> lines = wrapped(term.explanation(), width - column);
            String name = "  " + term.name();
            boolean ownLine = name.length() + 2 > column;
            if (ownLine) {
                text.append(name).append('\n');
            }
            for (int i = 0; i < lines.size(); i++) {
                String left = i == 0 && !ownLine ? name : "";
                text.append(left)
                        .append(" ".repeat(column - left.length()))
                        .append(lines.get(i))
                        .append('\n');
            }
        }
    }

    private void heading(String title) {
        text.append(style.bold(title.toUpperCase(Locale.ROOT))).append('\n');
    }

    private void paragraph(String indent, String paragraph) {
        wrapped(paragraph, width - indent.length())
                .forEach(line -> text.append(indent).append(line).append('\n'));
    }

    private static List<String> wrapped(String words, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.split(" ", -1)) {
            if (!line.isEmpty() && DisplayWidth.of(line.toString()) + 1 + DisplayWidth.of(word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
