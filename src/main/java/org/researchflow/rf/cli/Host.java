package org.researchflow.rf.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;

/**
 * What a command line runs in: its three streams, the environment, the terminal, the clock and the way to stop it.
 *
 * @param out unbuffered standard output; everything is written to it as UTF-8, whatever the locale says
 * @param err unbuffered standard error
 * @param in standard input
 * @param environment the environment variables and the folders they name
 * @param terminal which of the streams is a terminal, and how wide it is
 * @param clock the time now, and the zone in which a person reads it
 * @param cancellation what Ctrl-C stops
 */
public record Host(
        OutputStream out,
        OutputStream err,
        InputStream in,
        Environment environment,
        Terminal terminal,
        Clock clock,
        Cancellation cancellation) {

    static Host ofThisProcess() {
        Environment environment = Environment.of(System.getenv());
        return new Host(
                // Not System.out: a PrintStream hides the broken pipe of `rf … | head`, and encodes by the locale.
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                new FileInputStream(FileDescriptor.in),
                environment,
                Terminal.ofThisProcess(environment),
                new LocalClock(),
                new Cancellation());
    }
}
