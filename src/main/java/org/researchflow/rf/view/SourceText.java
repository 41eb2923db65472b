package org.researchflow.rf.view;

/**
 * The text of a file, for messages that point into it.
 *
 * @param file the name to show
 * @param text the whole content
 */
public record SourceText(String file, String text) {

    /** The place of an offset: its line and column, both counted from 1, and the line's text. */
    public Place place(int offset) {
        int bounded = Math.clamp(offset, 0, text.length());
        int lineStart = text.lastIndexOf('\n', bounded - 1) + 1;
        int lineEnd = text.indexOf('\n', bounded);
        String line = text.substring(lineStart, lineEnd < 0 ? text.length() : lineEnd);
        int number =
                1 + (int) text.chars().limit(lineStart).filter(c -> c == '\n').count();
        return new Place(file, number, bounded - lineStart + 1, line.stripTrailing());
    }
}
