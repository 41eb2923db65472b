package org.researchflow.rf.cli;

/** Text made safe to show: data and arguments cannot move the cursor, recolour or reorder what a terminal displays. */
final class Printable {

    private Printable() {}

    /** The text with control and bidirectional-override characters as escapes; line breaks stay. */
    static String text(String text) {
        return escaped(text, true);
    }

    /** The text in one line: line breaks are escaped, too. */
    static String line(String text) {
        return escaped(text, false);
    }

    private static String escaped(String text, boolean keepLines) {
        if (text.chars().noneMatch(c -> isUnsafe((char) c))) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isUnsafe(c) || (keepLines && c == '\n')) {
                safe.append(c);
            } else {
                safe.append(
                        switch (c) {
                            case '\n' -> "\\n";
                            case '\r' -> "\\r";
                            case '\t' -> "\\t";
                            default -> "\\u%04x".formatted((int) c);
                        });
            }
        }
        return safe.toString();
    }

    private static boolean isUnsafe(char c) {
        boolean control = c < 0x20 || (c >= 0x7f && c < 0xa0);
        boolean reorders = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        return control || reorders;
    }
}
