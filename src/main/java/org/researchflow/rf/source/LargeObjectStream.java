package org.researchflow.rf.source;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The bytes of a large object from its first chunk on, read chunk by chunk inside of a transaction. */
final class LargeObjectStream extends InputStream {

    static final int FIRST_CHUNK = 1 << 15;
    private static final int CHUNK = 1 << 18;

    private final Connection connection;
    private final long oid;
    private byte[] chunk;
    private int position;
    private long next;
    private boolean ended;

    /**
     * Continues a large object.
     *
     * @param first its first {@link #FIRST_CHUNK} bytes, or all if it has fewer
     */
    LargeObjectStream(Connection connection, long oid, byte[] first) {
        this.connection = connection;
        this.oid = oid;
        this.chunk = first;
        this.next = first.length;
        this.ended = first.length < FIRST_CHUNK;
    }

    @Override
    public int read() throws IOException {
        return has() ? chunk[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!has()) {
            return -1;
        }
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, to, offset, count);
        position += count;
        return count;
    }

    /** Without it a decompressor believes that the data ends with the first chunk. */
    @Override
    public int available() throws IOException {
        return has() ? chunk.length - position : 0;
    }

    private boolean has() throws IOException {
        if (position == chunk.length && !ended) {
            try {
                chunk = read(next);
            } catch (SQLException e) {
                throw new DatabaseStopped(e);
            }
            position = 0;
            next += chunk.length;
            ended = chunk.length < CHUNK;
        }
        return position < chunk.length;
    }

    private byte[] read(long offset) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select lo_get(?::oid, ?, ?)")) {
            statement.setLong(1, oid);
            statement.setLong(2, offset);
            statement.setInt(3, CHUNK);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBytes(1);
            }
        }
    }

    /** The database, not what the stream holds, is why it cannot be read on. */
    static final class DatabaseStopped extends IOException {
        private static final long serialVersionUID = 1L;
        private final SQLException error;

        DatabaseStopped(SQLException error) {
            super(error);
            this.error = error;
        }

        SQLException error() {
            return error;
        }
    }
}
