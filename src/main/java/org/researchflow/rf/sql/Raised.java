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

    static Raised severalValues(String where) {
        return new Raised("Multiple values found but not expected for " + where);
    }

    /**
     * An expression that fails when it is evaluated. It hangs on the resource's key, so that it is not evaluated
     * beforehand as a constant.
     */
    String sql(Form form, Var root) {
        String text = Identifiers.literal(MARK + what).strip();
        String cast = "(" + text + " || left(" + Identifiers.identifier(root.name()) + ".key, 0))::integer";
        return form == Form.JSON ? "to_jsonb(" + cast + ")" : cast + "::" + form.sqlType();
    }
}
