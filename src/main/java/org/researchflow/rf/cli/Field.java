package org.researchflow.rf.cli;

/**
 * One column of an answer.
 *
 * @param heading above the column of a table
 * @param name the member in JSON, and the heading in CSV
 * @param shape what the values are, which says how a person reads them
 */
public record Field(String heading, String name, Shape shape) {

    /** What the values of a column are. Programs get them exact in every format; people get them readable. */
    public enum Shape {
        /** Text, a truth value or a list, as it is. */
        TEXT,
        /** A number, as it is, aligned to the right. */
        NUMBER,
        /** A whole number; on a terminal with its thousands apart: {@code 4 714}. */
        COUNT,
        /** A number of bytes; on a terminal {@code 48 kB}. */
        SIZE,
        /** An instant; on a terminal {@code 2 min ago}. */
        AGE;

        boolean alignsRight() {
            return switch (this) {
                case TEXT, AGE -> false;
                case NUMBER, COUNT, SIZE -> true;
            };
        }
    }

    public static Field text(String heading, String name) {
        return new Field(heading, name, Shape.TEXT);
    }

    public static Field number(String heading, String name) {
        return new Field(heading, name, Shape.NUMBER);
    }

    public static Field count(String heading, String name) {
        return new Field(heading, name, Shape.COUNT);
    }

    public static Field size(String heading, String name) {
        return new Field(heading, name, Shape.SIZE);
    }

    public static Field age(String heading, String name) {
        return new Field(heading, name, Shape.AGE);
    }
}
