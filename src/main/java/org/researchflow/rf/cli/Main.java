package org.researchflow.rf.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.researchflow.rf.db.LoginAhead;

/** The entry point: arguments in, an exit code out. */
public final class Main {

    /** Words of command lines that end without a database; any other may end so, too. */
    private static final Set<String> WITHOUT_DATABASE =
            Set.of("--help", "-h", "help", "--version", "-V", "completion", "config");

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
        begin(args);
        int code = new Main(host).run(args);
        signals.finished(code);
        if ("aot".equals(System.getProperty("rf.cache")) && !host.cancellation().cancelled()) {
            // An orderly exit first looks for somebody who logs exits. What it has to do is done: all is flushed, and
            // there was no signal, which would say the code. Without a cache, the JVM writes one now.
            Runtime.getRuntime().halt(code);
        }
        System.exit(code);
    }

    /** Begins what a command with these arguments is likely to need. */
    static void begin(String... args) {
        for (String word : args) {
            if (WITHOUT_DATABASE.contains(word)) {
                return;
            }
        }
        LoginAhead.begin();
    }

    /** What has to be so before anything else of Java's is used. */
    static void prepare() {
        // pgjdbc and others log through java.util.logging, which prints to stderr unless told otherwise.
        SilentLogging.begin();
        Locale.setDefault(Locale.ROOT);
        // picocli would look for Groovy in every jar, and get ready for types that no option has.
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", "java.time.*,java.sql.*");
    }

    /** Runs one command line and returns its exit code. Prints to the host's streams only. */
    public int run(String... args) {
        // Answered before picocli loads: that is a quarter of the start-up.
        if (args.length == 1 && Arrays.asList("--version", "-V").contains(args[0])) {
            try {
                return printVersion();
            } catch (ClosedStream e) {
                if (e.readerLeft()) {
                    return e.exitCode().number();
                }
                // It fails once more below, where it is said why.
            }
        }
        return new CommandRun(host, commands.isEmpty() ? Commands.ALL : commands).exitCode(args);
    }

    private int printVersion() {
        TextStream out = new TextStream(host.out());
        out.line("rf " + version());
        out.flush();
        return ExitCode.DONE.number();
    }

    /** The version of the jar this runs from. */
    static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "development");
    }
}
