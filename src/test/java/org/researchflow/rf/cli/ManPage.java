package org.researchflow.rf.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.researchflow.rf.config.ConfigKey;
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
        environment();
        files();
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

    /** The root's page explains every variable, the others those of their own options. */
    private void environment() {
        section("ENVIRONMENT");
        Set<String> flags = HelpText.own(command)
                .flatMap(option -> Stream.of(option.names()))
                .collect(Collectors.toSet());
        boolean root = command.parent() == null;
        ConfigKey.all().stream()
                .filter(key -> !variables(key).isEmpty())
                .filter(key -> root || key.flag().filter(flags::contains).isPresent())
                .forEach(key -> term(
                        String.join(", ", variables(key)),
                        key.description()
                                + key.flag().map(flag -> " " + flag + " wins.").orElse("")));
        if (root) {
            term("RF_PROFILE", "The part of the configuration files to use, as --profile names it.");
            term(
                    "NO_COLOR, CLICOLOR_FORCE, TERM",
                    "No colour; colour even in a pipe; none and nothing that moves if dumb.");
            term("COLUMNS", "How wide the terminal is, where it does not say so itself.");
            term("RF_JAVA, JAVA_HOME", "The Java to run on; else one is looked for.");
            term("RF_JAVA_OPTS", "More options for it.");
        } else {
            line(".PP");
            line("What decides about the database, Redis, colour and Java is explained in \\fBrf\\fR(1).");
        }
    }

    private static List<String> variables(ConfigKey key) {
        return Stream.concat(key.ownVariables().stream(), key.otherVariables().stream())
                .toList();
    }

    private void files() {
        section("FILES");
        term(
                "~/.config/rf/config.toml, /etc/xdg/rf/config.toml, /etc/rf/config.toml",
                "Settings, the first of these the strongest ($XDG_CONFIG_HOME, $XDG_CONFIG_DIRS).");
        term(
                "~/.pgpass, ~/.pg_service.conf",
                "Passwords and services, as psql reads them ($PGPASSFILE, $PGSERVICEFILE).");
        term(
                "~/.cache/rf/names",
                "Names of views, saved queries and code systems that completions offer, one small file for each database;"
                        + " written by the commands that see them ($XDG_CACHE_HOME). It can be deleted at any time.");
        term("~/.local/share/rf/sandbox", "The sandbox, with its databases ($XDG_DATA_HOME).");
        term("~/.local/state/rf", "Until when a Redis that did not answer is left alone ($XDG_STATE_HOME).");
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
        String escaped = text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("~", "\\(ti")
                .replace("^", "\\(ha")
                .replace("…", "...");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
