package org.researchflow.rf.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Runs command lines in this process and keeps what they print. */
final class CommandLineFixture {

    static final Instant NOW = Instant.parse("2026-11-20T05:15:00Z");

    /** What a run left behind. */
    record Ended(int code, String out, String err) {}

    private final List<CommandEntry> commands;
    private Map<String, String> variables = Map.of();
    private Terminal terminal = Terminal.none();
    private final Cancellation cancellation = new Cancellation();

    private CommandLineFixture(List<CommandEntry> commands) {
        this.commands = commands;
    }

    /** rf with the commands that it ships. */
    static CommandLineFixture rf() {
        return new CommandLineFixture(Commands.ALL);
    }

    /** rf with one command for each thing that the frame does. */
    static CommandLineFixture trial() {
        return new CommandLineFixture(TrialCommands.ALL);
    }

    CommandLineFixture with(Map<String, String> environment) {
        variables = environment;
        return this;
    }

    CommandLineFixture on(Terminal where) {
        terminal = where;
        return this;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    Ended run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Ended ended = run(out, args);
        return new Ended(ended.code(), out.toString(StandardCharsets.UTF_8), ended.err());
    }

    /** Runs with another standard output. */
    Ended run(OutputStream out, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Host host = new Host(
                out,
                err,
                new ByteArrayInputStream(new byte[0]),
                Environment.of(variables),
                terminal,
                Clock.fixed(NOW, ZoneOffset.UTC),
                cancellation);
        int code = new Main(host, commands).run(args);
        return new Ended(code, "", err.toString(StandardCharsets.UTF_8));
    }
}
