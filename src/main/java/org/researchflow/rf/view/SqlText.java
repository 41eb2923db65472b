package org.researchflow.rf.view;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One statement of SQL as somebody wrote it, taken apart only as far as to know where its parameters are: what stands in
 * quotes or comments is never one.
 *
 * @param pieces which together are the statement
 */
public record SqlText(List<Piece> pieces) {

    private static final Pattern QUALIFIED =
            Pattern.compile("(?<![\\w.$\"])([A-Za-z_]\\w*)\\s*\\.\\s*([A-Za-z_]\\w*)(?![\\w(])");

    public SqlText {
        pieces = List.copyOf(pieces);
    }

    /** A part of a statement. */
    public sealed interface Piece {

        /** Words and signs. */
        record Code(String text) implements Piece {}

        /** A literal, a quoted name or a comment: its content means nothing here. */
        record Closed(String text) implements Piece {}

        /**
         * A value that is bound when the statement runs.
         *
         * @param name without the colon
         * @param offset in the file
         */
        record Parameter(String name, int offset) implements Piece {}
    }

    /**
     * Takes a statement apart.
     *
     * @param source the file
     * @param from where in it the statement begins
     * @throws org.researchflow.rf.Failure if there is not exactly one statement, pointing at the place
     */
    public static SqlText parse(SourceText source, int from) {
        return new SqlText(new SqlScanner(source, from).pieces());
    }

    /** The names of its parameters, in the order in which they first stand. */
    public Set<String> parameters() {
        Set<String> names = new LinkedHashSet<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Parameter(String name, int _)) {
                names.add(name);
            }
        }
        return names;
    }

    /** As it was written. */
    public String text() {
        return written(Function.identity(), name -> ":" + name).strip();
    }

    /** For the driver, which takes a question mark for a value: parameters are what the function makes of their names. */
    public String prepared(Function<String, String> parameter) {
        return written(code -> code.replace("?", "??"), parameter).strip();
    }

    /** The names with a schema in front that it may read, in lower case: {@code schema.table}. */
    public Set<String> qualifiedNames() {
        Set<String> names = new LinkedHashSet<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Code(String code)) {
                Matcher found = QUALIFIED.matcher(code);
                while (found.find()) {
                    names.add((found.group(1) + "." + found.group(2)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    /** The name that PostgreSQL finds a table by which the SQL calls so: in small letters, unless it stands in quotes. */
    public String meant(String name) {
        return pieces.contains(new Piece.Closed('"' + name + '"')) ? name : name.toLowerCase(Locale.ROOT);
    }

    /** The values' names in the order in which they are bound. */
    public List<String> bound() {
        List<String> names = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Parameter(String name, int _)) {
                names.add(name);
            }
        }
        return names;
    }

    private String written(Function<String, String> code, Function<String, String> parameter) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            text.append(
                    switch (piece) {
                        case Piece.Code(String words) -> code.apply(words);
                        case Piece.Closed(String closed) -> closed;
                        case Piece.Parameter(String name, int _) -> parameter.apply(name);
                    });
        }
        return text.toString();
    }
}
