package org.researchflow.rf.cli;

import java.io.PrintStream;
import java.util.logging.LogManager;

/**
 * A logging configuration without handlers. {@code java.util.logging} creates it where it would read its properties, so
 * that libraries cannot write to the terminal, at no cost when nothing logs.
 */
public final class SilentLogging {

    /** Before anything logs, and before there is another thread. */
    static void begin() {
        System.setProperty("java.util.logging.config.class", SilentLogging.class.getName());
        // Java would look through all jars for somebody else who logs. It does not without a standard output, as in a
        // process that is still being started, and has no handlers either. If that changes, only time is lost.
        PrintStream out = System.out;
        System.setOut(null);
        try {
            LogManager.getLogManager();
        } finally {
            System.setOut(out);
        }
    }
}
