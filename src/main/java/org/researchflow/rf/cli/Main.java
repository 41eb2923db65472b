package org.researchflow.rf.cli;

import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The entry point: arguments in, an exit code out. */
public final class Main {

    private final Host host;
    private final List<CommandEntry> commands;

    public Main(Host host) {
        this(host, List.of());
    }

    /** A command line with these commands instead of rf's own; none given means rf's own. */
    Main(Host host, List<CommandEntry> commands) {
        this.host = host;
        this.commands = commands;
    }

    public static void main(String... args) {
        prepare();
        Host host = Host.ofThisProcess();
        Signals signals = Signals.handledBy(host.cancellation());
        int code = new Main(host).run(args);
        signals.finished(code);
        System.exit(code);
    }

    /** What has to be so before anything else of Java's is used. */
    static void prepare() {
        // pgjdbc and others log through java.util.logging, which prints to stderr unless told otherwise.
        System.setProperty("java.util.logging.config.class", SilentLogging.class.getName());
        Locale.setDefault(Locale.ROOT);
        // What logging in to PostgreSQL asks for. Java would look for it in every provider, and load them all for that.
        Security.setProperty(
                "jdk.security.provider.preferred",
                "Group.HmacSHA2:SunJCE, Group.HmacSHA3:SunJCE, HmacSHA1:SunJCE, PBKDF2WithHmacSHA256:SunJCE");
    }

    /** Runs one command line and returns its exit code. Prints to the host's streams only. */
    public int run(String... args) {
        // Answered before picocli loads: that is a quarter of the start-up.
        if (args.length == 1 && Arrays.asList("--version", "-V").contains(args[0])) {
            return printVersion();
        }
        return new CommandRun(host, commands.isEmpty() ? Commands.ALL : commands).exitCode(args);
    }

    private int printVersion() {
        try {
            TextStream out = new TextStream(host.out());
            out.line("rf " + version());
            out.flush();
            return ExitCode.DONE.number();
        } catch (ClosedStream e) {
            return e.exitCode().number();
        }
    }

    /** The version of the jar this runs from. */
    static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "development");
    }
}
