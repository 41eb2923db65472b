package org.researchflow.rf.speed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a view makes of one resource, as bytes: its key, how many rows there are, and their values row by row.
 * Texts have their lengths in front, as in PostgreSQL's binary arrays. Of a resource that has no rows in the view, or is
 * deleted, there are none.
 */
final class PackedRows {

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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, key);
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
