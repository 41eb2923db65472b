package org.researchflow.rf.load;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a text in UTF-8, as bytes; blank ones and a byte order mark are left out. */
final class Lines implements Closeable {

    /** What is longer cannot be stored with little memory, and is hardly a resource. */
    static final int LONGEST = 48 << 20;

    /** A larger buffer is not kept for the lines to come. */
    private static final int KEPT = 1 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private byte[] line = new byte[1 << 13];
    private int length;
    private boolean tooLong;
    private long number;

    Lines(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line that is not blank; false at the end. */
    boolean next() throws IOException {
        while (read()) {
            number++;
            if (number == 1) {
                leaveMarkOut();
            }
            trim();
            if (length > 0 || tooLong) {
                return true;
            }
        }
        return false;
    }

    /** The line's number, from 1 on, blank ones counted. */
    long number() {
        return number;
    }

    /** Whether the line is longer than {@link #LONGEST} and its text is lost. */
    boolean isTooLong() {
        return tooLong;
    }

    /** The line without white space at its ends, in an array of its own. To be asked for once. */
    byte[] text() {
        byte[] text = Arrays.copyOf(line, length);
        if (line.length > KEPT) {
            line = new byte[KEPT];
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean read() throws IOException {
        length = 0;
        tooLong = false;
        boolean any = false;
        while (position < limit || fill()) {
            any = true;
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            append(position, end);
            position = end + 1;
            if (end < limit) {
                return true;
            }
        }
        return any;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    private void append(int from, int to) {
        int more = to - from;
        if (tooLong || more > LONGEST - length) {
            tooLong = true;
            length = 0;
            return;
        }
        if (more > line.length - length) {
            line = Arrays.copyOf(line, Math.min(LONGEST, Math.max(2 * line.length, length + more)));
        }
        System.arraycopy(buffer, from, line, length, more);
        length += more;
    }

    private void leaveMarkOut() {
        if (length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf) {
            System.arraycopy(line, 3, line, 0, length - 3);
            length -= 3;
        }
    }

    private void trim() {
        while (length > 0 && isSpace(line[length - 1])) {
            length--;
        }
        int start = 0;
        while (start < length && isSpace(line[start])) {
            start++;
        }
        if (start > 0) {
            System.arraycopy(line, start, line, 0, length - start);
            length -= start;
        }
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t' || character == '\r';
    }
}
