package org.researchflow.rf.serving;

/** An array of texts as a parameter, in PostgreSQL's binary format already. */
final class BinaryTexts {

    private final byte[] bytes;

    BinaryTexts(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }
}
