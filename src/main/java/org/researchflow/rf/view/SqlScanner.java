package org.researchflow.rf.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.view.SqlText.Piece;

/**
 * Reads SQL as PostgreSQL's own scanner does, as far as to tell code from what is quoted. It takes one statement whose
 * parentheses match, so that the statement stays one wherever it is put.
 */
final class SqlScanner {

    private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$(?:[A-Za-z_\\x80-\\uffff][\\w\\x80-\\uffff]*)?\\$");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");

    private static final Pattern CONTINUED =
            Pattern.compile("(?:[ \\t\\f\\x0b]|--[^\\n\\r]*)*[\\n\\r](?:\\s|--[^\\n\\r]*[\\n\\r])*+'");

    private final SourceText source;
    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder code = new StringBuilder();
    private final Deque<Integer> open = new ArrayDeque<>();
    private int at;

    SqlScanner(SourceText source, int from) {
        this.source = source;
        this.text = source.text();
        this.at = from;
    }

    List<Piece> pieces() {
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '\'' -> literal();
                case '"' -> closed(quoteEnd('"', false));
                case '-' -> comment("--");
                case '/' -> comment("/*");
                case '$' -> dollar();
                case ':' -> colon();
                case '(', '[' -> {
                    open.push(at);
                    take(1);
                }
                case ')', ']' -> close(c);
                case ';' -> end();
                case '\0' -> throw problem(at, "SQL cannot hold a NUL character", "here");
                default -> take(1);
            }
        }
        flush();
        if (!open.isEmpty()) {
            throw problem(open.peek(), "this parenthesis is never closed", "opened here");
        }
        if (pieces.stream().noneMatch(piece -> piece instanceof Piece.Code(String words) && !words.isBlank())) {
            throw problem(start, "there is no SQL", "expected a select");
        }
        return pieces;
    }

    private void take(int length) {
        code.append(text, at, at + length);
        at += length;
    }

    private void flush() {
        if (!code.isEmpty()) {
            pieces.add(new Piece.Code(code.toString()));
            code.setLength(0);
        }
    }

    private void closed(int end) {
        flush();
        pieces.add(new Piece.Closed(text.substring(at, end)));
        at = end;
    }

    /** PostgreSQL goes on with a literal behind a line break, and with backslashes in it; its driver does not. */
    private void literal() {
        boolean escapes = isEscapeString();
        int opened = at;
        closed(quoteEnd('\'', escapes));
        if (escapes && CONTINUED.matcher(text).region(at, text.length()).lookingAt()) {
            throw problem(opened, "a literal with backslashes goes on in another line", "expected one literal, or  ||");
        }
    }

    /** Whether the quote at hand begins {@code E'…'}, in which a backslash escapes. */
    private boolean isEscapeString() {
        int length = code.length();
        return length > 0
                && "eE".indexOf(code.charAt(length - 1)) >= 0
                && (length == 1 || !Character.isUnicodeIdentifierPart(code.charAt(length - 2)));
    }

    private int quoteEnd(char quote, boolean escapes) {
        int i = at + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\\' && escapes) {
                i += 2;
            } else if (c != quote) {
                i++;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                i += 2;
            } else {
                return i + 1;
            }
        }
        throw problem(at, "this quote is never closed", "opened here");
    }

    private void comment(String begin) {
        if (!text.startsWith(begin, at)) {
            take(1);
        } else if (begin.equals("--")) {
            int line = text.indexOf('\n', at);
            closed(line < 0 ? text.length() : line);
        } else {
            closed(commentEnd());
        }
    }

    /** PostgreSQL's comments nest. */
    private int commentEnd() {
        int depth = 1;
        for (int i = at + 2; i < text.length() - 1; i++) {
            if (text.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (text.startsWith("*/", i)) {
                depth--;
                i++;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        throw problem(at, "this comment is never closed", "opened here");
    }

    private void dollar() {
        Matcher quote = DOLLAR_QUOTE.matcher(text).region(at, text.length());
        boolean inName = !code.isEmpty() && Character.isUnicodeIdentifierPart(code.charAt(code.length() - 1));
        if (inName || !quote.lookingAt()) {
            take(1);
            return;
        }
        int end = text.indexOf(quote.group(), quote.end());
        if (end < 0) {
            throw problem(at, "this quote is never closed", "opened here");
        }
        closed(end + quote.group().length());
    }

    private void colon() {
        if (text.startsWith("::", at) || text.startsWith(":=", at)) {
            take(2);
            return;
        }
        Matcher name = NAME.matcher(text).region(at + 1, text.length());
        if (!name.lookingAt()) {
            take(1);
            return;
        }
        flush();
        pieces.add(new Piece.Parameter(name.group(), at));
        at = name.end();
    }

    private void close(char c) {
        if (open.isEmpty() || text.charAt(open.peek()) != (c == ')' ? '(' : '[')) {
            throw problem(at, "nothing is open that this could close", "unexpected");
        }
        open.pop();
        take(1);
    }

    /** A semicolon may end the statement, and nothing but comments follow. */
    private void end() {
        int semicolon = at;
        at++;
        flush();
        List<Piece> statement = List.copyOf(pieces);
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == ';') {
                at++;
            } else if (text.startsWith("--", at) || text.startsWith("/*", at)) {
                comment(text.substring(at, at + 2));
            } else {
                throw problem(semicolon, "there is more than one statement", "expected nothing behind this");
            }
        }
        pieces.clear();
        pieces.addAll(statement);
    }

    private RuntimeException problem(int offset, String what, String remark) {
        return Problem.failure(List.of(Problem.at(source.place(offset), what, remark)));
    }
}
