package org.researchflow.rf.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page of a command, in roff with the man macros. */
final class ManPage {

    private final CommandSpec command;
    private final CommandTree tree;
    private final StringBuilder page = new StringBuilder();

    ManPage(CommandSpec command, CommandTree tree) {
        this.command = command;
        this.tree = tree;
    }

    String fileName() {
        return name(command) + ".1";
    }

    String text() {
        page.setLength(0);
        String summary =
                HelpText.description(command).lines().findFirst().orElse("").replaceFirst("\\.$", "");
        line(".TH \"" + name(command).toUpperCase(Locale.ROOT) + "\" \"1\" \"\" \"rf\" \"rf manual\"");
        section("NAME");
        line(escaped(name(command)) + " \\- " + escaped(summary));
        section("SYNOPSIS");
        line(escaped(HelpText.synopsis(command, tree)));
        section("DESCRIPTION");
        HelpText.description(command).lines().forEach(paragraph -> {
            line(".PP");
            line(escaped(paragraph));
        });
        if (!command.positionalParameters().isEmpty()) {
            section("ARGUMENTS");
            command.positionalParameters()
                    .forEach(argument -> term(HelpText.usage(argument), HelpText.explanation(argument)));
        }
        options("OPTIONS", HelpText.own(command).toList());
        commands();
        options(
                "GLOBAL OPTIONS",
                command.options().stream().filter(OptionSpec::inherited).toList());
        examples();
        section("EXIT STATUS");
        for (ExitCode code : ExitCode.values()) {
            term(Integer.toString(code.number()), code.meaning());
        }
        seeAlso();
        return page.toString();
    }

    private void options(String title, List<OptionSpec> options) {
        if (!options.isEmpty()) {
            section(title);
            options.forEach(option -> term(HelpText.names(option), HelpText.explanation(option)));
        }
    }

    private void commands() {
        if (!command.subcommands().isEmpty()) {
            section("COMMANDS");
            command.subcommands().values().forEach(below -> {
                CommandSpec spec = below.getCommandSpec();
                term(
                        spec.qualifiedName(),
                        HelpText.description(spec).lines().findFirst().orElse(""));
            });
        }
    }

    private void examples() {
        List<String> examples = HelpText.examplesOf(command);
        if (!examples.isEmpty()) {
            section("EXAMPLES");
            line(".nf");
            examples.forEach(example -> line(escaped(example)));
            line(".fi");
        }
    }

    private void seeAlso() {
        Stream<CommandSpec> above = Stream.ofNullable(command.parent());
        Stream<CommandSpec> below = command.subcommands().values().stream().map(line -> line.getCommandSpec());
        String others = Stream.concat(above, below)
                .map(spec -> "\\fB" + escaped(name(spec)) + "\\fR(1)")
                .collect(Collectors.joining(", "));
        section("SEE ALSO");
        line(others);
    }

    private void section(String title) {
        line(".SH \"" + title + "\"");
    }

    private void term(String term, String explanation) {
        line(".TP");
        line("\\fB" + escaped(term) + "\\fR");
        line(escaped(explanation));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    /** {@code rf-views-create} */
    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private static String escaped(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
