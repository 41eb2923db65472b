package org.researchflow.rf.speed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a view makes of one resource, as bytes: how many bytes follow, its key, how many rows there are, and their
 * values row by row. Texts have their lengths in front, as in PostgreSQL's binary arrays. Of a resource that has no rows
 * in the view, or is deleted, there are none. Those of several resources stand one behind the other.
 */
final class PackedRows {

    /** Part of the name under which rows are kept: what is packed in another way is not taken for these. */
    static final int FORMAT = 2;

    private final String key;
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private int rows;

    PackedRows(String key) {
        this.key = key;
    }

    /** Begins a row. */
    void row() {
        rows++;
    }

    /** The next value of the row. */
    void value(@Nullable String text) {
        write(values, text);
    }

    byte[] bytes() {
        ByteArrayOutputStream named = new ByteArrayOutputStream();
        write(named, key);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(number(named.size() + Integer.BYTES + values.size()));
        bytes.writeBytes(named.toByteArray());
        bytes.writeBytes(number(rows));
        bytes.writeBytes(values.toByteArray());
        return bytes.toByteArray();
    }

    private static void write(ByteArrayOutputStream bytes, @Nullable String text) {
        if (text == null) {
            bytes.writeBytes(number(TextArray.NULL));
        } else {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(number(encoded.length));
            bytes.writeBytes(encoded);
        }
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }
}
