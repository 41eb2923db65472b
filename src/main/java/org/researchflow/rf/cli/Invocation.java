package org.researchflow.rf.cli;

import java.io.InputStream;
import java.time.Clock;
import org.researchflow.rf.config.Configuration;

/**
 * One run of one command: what it was given, and where what it says goes.
 *
 * @param options the global options
 * @param output where the answer goes
 * @param messages where everything beside the answer goes
 * @param log what the log of an unattended run is told
 * @param progress shows work that takes a while
 * @param configuration what flags, variables and files say
 * @param host the environment, the terminal, the clock
 * @param tree all commands
 */
public record Invocation(
        GlobalOptions options,
        Output output,
        Messages messages,
        Log log,
        Progress progress,
        Configuration configuration,
        Host host,
        CommandTree tree) {

    public Environment environment() {
        return host.environment();
    }

    public Terminal terminal() {
        return host.terminal();
    }

    public Clock clock() {
        return host.clock();
    }

    public InputStream in() {
        return host.in();
    }

    /** What commands within hints need to go where this one went. */
    Whereabouts here() {
        return Whereabouts.of(options);
    }

    /** What Ctrl-C stops: register statements while they run. */
    public Cancellation cancellation() {
        return host.cancellation();
    }
}
