package org.researchflow.rf.speed;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A growing array of texts as PostgreSQL's binary protocol has it, so that nothing has to be read in order to be sent on. */
final class TextArray {

    private static final int TEXT = 25;

    /** Of an element that is null. */
    static final int NULL = -1;

    private final ByteArrayOutputStream elements = new ByteArrayOutputStream();
    private int size;

    /** Adds an element with its length in front, or the length {@link #NULL} alone. */
    void add(byte[] from, int start, int length) {
        elements.write(from, start, length);
        size++;
    }

    /** One dimension, counted from 1, with nulls in it or not. */
    byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(elements.size() + 20);
        try (DataOutputStream header = new DataOutputStream(whole)) {
            header.writeInt(size == 0 ? 0 : 1);
            header.writeInt(1);
            header.writeInt(TEXT);
            if (size > 0) {
                header.writeInt(size);
                header.writeInt(1);
            }
            elements.writeTo(header);
        } catch (IOException e) {
            throw new UncheckedIOException("memory is not written to", e);
        }
        return whole.toByteArray();
    }
}
