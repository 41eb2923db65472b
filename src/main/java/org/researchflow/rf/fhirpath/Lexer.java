package org.researchflow.rf.fhirpath;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.fhirpath.Token.Kind;

/** FHIRPath text into tokens; the last one is {@link Kind#END}. */
final class Lexer {

    private static final Pattern SPACE = Pattern.compile("(?:\\s|//[^\\r\\n]*|/\\*(?s:.*?)\\*/)+");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:\\.[0-9]+)?");
    private static final String CLOCK = "[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]+)?)?)?";
    private static final Pattern DATE_OR_TIME = Pattern.compile("@(?:T(?<time>" + CLOCK
            + ")|(?<date>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?<clock>T(?:" + CLOCK
            + ")?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)");
    private static final Pattern PARTS =
            Pattern.compile("@(?:(?<year>[0-9]{4})(?:-(?<month>[0-9]{2})(?:-(?<day>[0-9]{2}))?)?)?"
                    + "(?:T(?:(?<hour>[0-9]{2})(?::(?<minute>[0-9]{2})(?::(?<second>[0-9]{2}))?)?)?)?");
    private static final Set<String> TWO_CHARACTER_SYMBOLS = Set.of("<=", ">=", "!=", "!~");
    private static final String SYMBOLS = "()[]{}.,+-*/|&=~<>";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        while (lexer.next()) {}
        return lexer.tokens;
    }

    private boolean next() {
        Matcher space = matcher(SPACE);
        if (space.lookingAt()) {
            at = space.end();
        }
        if (at == text.length()) {
            add(Kind.END, "", at);
            return false;
        }
        char c = text.charAt(at);
        switch (c) {
            case '\'', '"', '`' -> quoted(c);
            case '@' -> dateOrTime();
            case '%' -> external();
            case '$' -> special();
            default -> wordNumberOrSymbol();
        }
        return true;
    }

    private void wordNumberOrSymbol() {
        Matcher word = matcher(WORD);
        Matcher number = matcher(NUMBER);
        if (word.lookingAt()) {
            add(Kind.IDENTIFIER, word.group(), word.end());
        } else if (number.lookingAt()) {
            add(Kind.NUMBER, number.group(), number.end());
        } else if (at + 2 <= text.length() && TWO_CHARACTER_SYMBOLS.contains(text.substring(at, at + 2))) {
            add(Kind.SYMBOL, text.substring(at, at + 2), at + 2);
        } else if (SYMBOLS.indexOf(text.charAt(at)) >= 0) {
            add(Kind.SYMBOL, text.substring(at, at + 1), at + 1);
        } else {
            throw new FhirPathSyntaxException(
                    "unexpected character '" + Character.toString(text.codePointAt(at)) + "'", at);
        }
    }

    private void quoted(char quote) {
        int start = at;
        StringBuilder content = new StringBuilder();
        int i = at + 1;
        while (i < text.length() && text.charAt(i) != quote) {
            if (text.charAt(i) == '\\') {
                i = escape(i, content);
            } else {
                content.append(text.charAt(i));
                i++;
            }
        }
        if (i >= text.length()) {
            throw new FhirPathSyntaxException("this " + quote + " is never closed", start);
        }
        // A double-quoted text was a delimited identifier in early drafts; implementations read it as a string.
        add(quote == '`' ? Kind.QUOTED_IDENTIFIER : Kind.STRING, content.toString(), i + 1);
    }

    /** Appends the escaped character that starts at {@code i} and returns the offset behind it. */
    private int escape(int i, StringBuilder content) {
        char c = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
        switch (c) {
            case '\'', '"', '`', '\\', '/' -> content.append(c);
            case 'n' -> content.append('\n');
            case 'r' -> content.append('\r');
            case 't' -> content.append('\t');
            case 'f' -> content.append('\f');
            case 'u' -> {
                if (!text.substring(i + 2, Math.min(i + 6, text.length())).matches("[0-9A-Fa-f]{4}")) {
                    throw new FhirPathSyntaxException("expected four hexadecimal digits after \\u", i);
                }
                content.append((char) Integer.parseInt(text, i + 2, i + 6, 16));
                return i + 6;
            }
            default -> throw new FhirPathSyntaxException("unknown escape; a backslash itself is written \\\\", i);
        }
        return i + 2;
    }

    private void dateOrTime() {
        Matcher match = matcher(DATE_OR_TIME);
        if (!match.lookingAt()) {
            throw new FhirPathSyntaxException(
                    "expected a date, dateTime or time after @, such as @2020-05-01, @2020-05-01T10:00:00Z or @T10:00",
                    at);
        }
        if (match.end() + 1 < text.length()
                && "-:".indexOf(text.charAt(match.end())) >= 0
                && Character.isDigit(text.charAt(match.end() + 1))) {
            throw new FhirPathSyntaxException("expected two digits for each part, such as @2020-05-01", match.end());
        }
        if (!isOnTheClock(match.group())) {
            throw new FhirPathSyntaxException("there is no such date or time", at);
        }
        if (match.group("time") != null) {
            add(Kind.TIME, match.group("time"), match.end());
        } else if (match.group("clock") != null) {
            add(Kind.DATE_TIME, match.group("date") + match.group("clock"), match.end());
        } else {
            add(Kind.DATE, match.group("date"), match.end());
        }
    }

    /** Whether month, day, hour, minute and second, as far as they are written, are what calendars and clocks have. */
    private static boolean isOnTheClock(String written) {
        Matcher parts = PARTS.matcher(written);
        if (!parts.lookingAt()) {
            return false;
        }
        int month = part(parts, "month", 1);
        int day = part(parts, "day", 1);
        boolean date = month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(part(parts, "year", 2000), month).lengthOfMonth();
        return date && part(parts, "hour", 0) < 24 && part(parts, "minute", 0) < 60 && part(parts, "second", 0) < 60;
    }

    private static int part(Matcher parts, String name, int otherwise) {
        return parts.group(name) == null ? otherwise : Integer.parseInt(parts.group(name));
    }

    private void external() {
        int start = at;
        at++;
        if (at < text.length() && (text.charAt(at) == '`' || text.charAt(at) == '\'')) {
            quoted(text.charAt(at));
            Token name = tokens.removeLast();
            tokens.add(new Token(
                    Kind.EXTERNAL, name.text(), new Span(start, name.span().end())));
            return;
        }
        Matcher word = matcher(WORD);
        if (!word.lookingAt()) {
            throw new FhirPathSyntaxException("expected a name after %", at);
        }
        at = start;
        add(Kind.EXTERNAL, word.group(), word.end());
    }

    private void special() {
        Matcher word = Pattern.compile("\\$(this|index|total)\\b").matcher(text).region(at, text.length());
        if (!word.lookingAt()) {
            throw new FhirPathSyntaxException("expected $this, $index or $total", at);
        }
        add(Kind.SPECIAL, word.group(1), word.end());
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(text).region(at, text.length());
    }

    private void add(Kind kind, String content, int end) {
        tokens.add(new Token(kind, content, new Span(at, end)));
        at = end;
    }
}
