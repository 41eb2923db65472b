package org.researchflow.rf.source;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows on their way into a table, in the binary format of {@code COPY}. Closed before its end, nothing is copied. */
final class BinaryCopy implements AutoCloseable {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final int NULL = -1;

    /** What PostgreSQL calls the version of jsonb's binary format; its text follows. */
    private static final byte JSONB = 1;

    private final CopyIn copy;
    private final byte[] buffer = new byte[1 << 16];
    private int used;

    private BinaryCopy(CopyIn copy) {
        this.copy = copy;
    }

    /**
     * Begins, inside of a transaction.
     *
     * @param columns the table with its columns in parentheses, as SQL text
     */
    static BinaryCopy into(Connection connection, String columns) throws SQLException {
        BinaryCopy begun = new BinaryCopy(connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + columns + " from stdin (format binary)"));
        begun.bytes(SIGNATURE);
        // no flags, no extension of the header
        begun.int32(0);
        begun.int32(0);
        return begun;
    }

    void row(int columns) throws SQLException {
        int16(columns);
    }

    void integer(int value) throws SQLException {
        int32(Integer.BYTES);
        int32(value);
    }

    void text(String value) throws SQLException {
        binary(value.getBytes(StandardCharsets.UTF_8));
    }

    void text(Optional<String> value) throws SQLException {
        if (value.isPresent()) {
            text(value.get());
        } else {
            int32(NULL);
        }
    }

    void timestamp(Optional<Instant> value) throws SQLException {
        if (value.isPresent()) {
            long microseconds = ChronoUnit.MICROS.between(EPOCH, value.get());
            int32(Long.BYTES);
            int32((int) (microseconds >>> Integer.SIZE));
            int32((int) microseconds);
        } else {
            int32(NULL);
        }
    }

    void bool(boolean value) throws SQLException {
        binary(new byte[] {(byte) (value ? 1 : 0)});
    }

    /** {@code bytea} and {@code uuid}. */
    void binary(byte[] value) throws SQLException {
        int32(value.length);
        bytes(value);
    }

    void jsonb(Optional<byte[]> json) throws SQLException {
        if (json.isPresent()) {
            int32(1 + json.get().length);
            bytes(new byte[] {JSONB});
            bytes(json.get());
        } else {
            int32(NULL);
        }
    }

    /** All rows are there. */
    void end() throws SQLException {
        int16(-1);
        flush();
        copy.endCopy();
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private void int16(int value) throws SQLException {
        bytes(new byte[] {(byte) (value >>> 8), (byte) value});
    }

    private void int32(int value) throws SQLException {
        bytes(new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    private void bytes(byte[] value) throws SQLException {
        if (value.length > buffer.length - used) {
            flush();
        }
        if (value.length > buffer.length) {
            copy.writeToCopy(value, 0, value.length);
        } else {
            System.arraycopy(value, 0, buffer, used, value.length);
            used += value.length;
        }
    }

    private void flush() throws SQLException {
        if (used > 0) {
            copy.writeToCopy(buffer, 0, used);
            used = 0;
        }
    }
}
