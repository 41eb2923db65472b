package org.researchflow.rf.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Buffered UTF-8 text on its way to a standard stream. A stream that takes no more stops the command at once with
 * {@link ClosedStream}; an answer that failed halfway can be discarded as long as nothing of it has left the buffer.
 */
final class TextStream extends Writer {

    private static final int BUFFER = 1 << 15;

    private final OutputStream out;
    private final StringBuilder pending = new StringBuilder();
    private boolean begun;

    TextStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(char[] text, int offset, int length) {
        pending.append(text, offset, length);
        sendWhenFull();
    }

    @Override
    public void write(String text) {
        pending.append(text);
        sendWhenFull();
    }

    void line(String text) {
        pending.append(text).append('\n');
        sendWhenFull();
    }

    /** From here on, {@link #discard} throws away what is written. */
    void mark() {
        flush();
        begun = false;
    }

    /** Throws away what was written since the mark; false when some of it had to be sent already. */
    boolean discard() {
        if (begun) {
            return false;
        }
        pending.setLength(0);
        return true;
    }

    @Override
    public void flush() {
        send(pending.length());
    }

    /** Sends what is there; the stream itself stays open, as the process has only one of it. */
    @Override
    public void close() {
        flush();
    }

    private void sendWhenFull() {
        if (pending.length() >= BUFFER) {
            // Both halves of a character outside the basic plane are encoded together.
            int half = Character.isHighSurrogate(pending.charAt(pending.length() - 1)) ? 1 : 0;
            send(pending.length() - half);
        }
    }

    private void send(int length) {
        if (length == 0) {
            return;
        }
        byte[] bytes = pending.substring(0, length).getBytes(StandardCharsets.UTF_8);
        pending.delete(0, length);
        begun = true;
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            pending.setLength(0);
            throw new ClosedStream(e);
        }
    }
}
