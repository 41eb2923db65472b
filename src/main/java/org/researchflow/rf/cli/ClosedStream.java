package org.researchflow.rf.cli;

import java.io.IOException;
import java.util.Locale;

/** Standard output takes nothing more: its reader went away, the disk is full, or it was closed from the start. */
final class ClosedStream extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClosedStream(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** A reader that has read enough, as in {@code rf … | head}, is no error worth a word. */
    boolean readerLeft() {
        return String.valueOf(getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
    }

    ExitCode exitCode() {
        return readerLeft() ? ExitCode.BROKEN_PIPE : ExitCode.FAILED;
    }
}
