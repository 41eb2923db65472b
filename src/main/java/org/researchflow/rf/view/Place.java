package org.researchflow.rf.view;

/**
 * A place in a file.
 *
 * @param file the file's name
 * @param line from 1
 * @param column from 1, in UTF-16 units
 * @param lineText the text of that line
 */
public record Place(String file, int line, int column, String lineText) {

    private static final int WIDEST = 100;

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }

    /** The line with a caret under the place, and a remark behind the caret; long lines are cut around it. */
    public String excerpt(String remark) {
        String margin = String.valueOf(line).indent(8).stripTrailing() + " | ";
        int from = column - 1 > WIDEST * 3 / 4 ? column - 1 - WIDEST / 2 : 0;
        String shown = lineText.substring(Math.min(from, lineText.length()), Math.min(from + WIDEST, lineText.length()))
                .replace('\t', ' ');
        return margin + shown + "\n" + " ".repeat(margin.length() + column - 1 - from) + "^ " + remark;
    }
}
