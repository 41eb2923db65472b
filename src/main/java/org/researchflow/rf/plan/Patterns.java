package org.researchflow.rf.plan;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Literal;

/** Regular expressions as FHIRPath has them, rewritten for PostgreSQL, whose dialect is nearly the same. */
final class Patterns {

    /** What PostgreSQL has no word for. */
    private static final Pattern UNKNOWN = Pattern.compile("\\(\\?<[A-Za-z]|\\\\[pPkGQXhHRN]|[*+?}]\\+|\\(\\?>|&&\\[");

    private Patterns() {}

    static Literal pattern(Invocation call, int argument) {
        Literal literal = call.literal(argument, Kind.STRING);
        String text = literal.text();
        String problem = problem(text);
        if (!problem.isEmpty()) {
            throw Rejection.of(call.argumentSpan(argument), "invalid regular expression", problem);
        }
        return new Literal(Type.STRING, rewritten(text));
    }

    private static String problem(String text) {
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            return e.getDescription();
        }
        return UNKNOWN.matcher(text).find() ? "PostgreSQL cannot match this" : "";
    }

    /** In PostgreSQL a backspace is {@code \b}, the edge of a word {@code \y}, the end of the text {@code \Z}. */
    private static String rewritten(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            result.append(c);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                char escaped = text.charAt(i);
                result.append(
                        switch (escaped) {
                            case 'b' -> 'y';
                            case 'B' -> 'Y';
                            case 'z' -> 'Z';
                            default -> escaped;
                        });
            }
        }
        return result.toString();
    }

    /** A substitution text: {@code $1} is the first group, which PostgreSQL writes {@code \1}. */
    static Literal substitution(Invocation call, int argument) {
        String text = call.literal(argument, Kind.STRING).text();
        return new Literal(Type.STRING, text.replace("\\", "\\\\").replaceAll("\\$([0-9])", "\\\\$1"));
    }
}
