package org.researchflow.rf.sql;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.plan.Var;

/**
 * An error that a view's own SQL raises when a resource breaks the view's rules. PostgreSQL has no expression that
 * raises, so the text is cast to a number, which fails with the text in its message; needs no function and no rights.
 *
 * @param what what was wrong, in the specification's words
 */
public record Raised(String what) {

    private static final String MARK = "rf: ";
    private static final Pattern MESSAGE = Pattern.compile("\"" + MARK + "(.*)\"", Pattern.DOTALL);

    /** The error in a message of PostgreSQL's, if it is one of ours. */
    public static Optional<Raised> in(String message) {
        Matcher match = MESSAGE.matcher(message);
        return match.find() ? Optional.of(new Raised(match.group(1))) : Optional.empty();
    }

    /**
     * An expression that fails with a text, for whoever puts it in a branch of its own; of type integer.
     *
     * @param what an SQL expression of a text that is no constant: that would fail whether the branch is taken or not
     */
    public static String by(String what) {
        return "(" + Identifiers.literal(MARK).strip() + " || " + what + ")::integer";
    }

    static Raised severalValues(String where) {
        return new Raised("Multiple values found but not expected for " + where);
    }

    static Raised partialDate(String where) {
        return new Raised("A date of limited precision has no single day, found in " + where);
    }

    static Raised noDate(String where) {
        return new Raised("A text that is no date has no day, found in " + where);
    }

    /**
     * An expression that fails when it is evaluated. It hangs on the resource's key, so that it is not evaluated
     * beforehand as a constant.
     */
    Term sql(String sqlType, Var root) {
        String text = Identifiers.literal(MARK + what).strip();
        Term cast = Term.atom("(" + text + " || left(" + Identifiers.identifier(root.name()) + ".key, 0))")
                .cast("integer");
        return switch (sqlType) {
            case "jsonb" -> Term.call("to_jsonb", cast);
            case "integer" -> cast;
            case "numeric", "boolean" -> cast.cast(sqlType);
            default -> cast.cast("text").cast(sqlType);
        };
    }

    Term sql(Form form, Var root) {
        return sql(form.sqlType(), root);
    }
}
