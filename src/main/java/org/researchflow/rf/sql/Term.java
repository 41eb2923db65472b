package org.researchflow.rf.sql;

import java.util.List;
import java.util.Locale;

/**
 * An SQL expression and how tightly its outermost operator binds, so that parentheses stand where they are needed and
 * nowhere else.
 *
 * @param text the expression
 * @param strength of its outermost operator
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE">operator precedence</a>
 */
record Term(String text, Strength strength) {

    /** PostgreSQL's operators, weakest first. */
    enum Strength {
        OR,
        AND,
        NOT,
        IS,
        COMPARISON,
        /** {@code ->}, {@code ||} and all others without a rank of their own. */
        OPERATOR,
        SUM,
        PRODUCT,
        CAST,
        ATOM;

        /** What the right operand needs, as these operators associate to the left. */
        Strength tighter() {
            return switch (this) {
                case OPERATOR -> SUM;
                case SUM -> PRODUCT;
                case PRODUCT -> CAST;
                case OR, AND, NOT, IS, COMPARISON, CAST, ATOM -> ATOM;
            };
        }
    }

    /** A short name or path is cheaper to repeat than to name. */
    private static final int SHORT = 100;

    /** A name, a literal, a call, a {@code case} or a query in parentheses. */
    static Term atom(String text) {
        return new Term(text, Strength.ATOM);
    }

    static Term call(String function, Term... arguments) {
        return call(function, List.of(arguments));
    }

    static Term call(String function, List<Term> arguments) {
        return atom(function + "("
                + String.join(", ", arguments.stream().map(Term::text).toList()) + ")");
    }

    static Term text(String literal) {
        return atom(Identifiers.literal(literal));
    }

    /** A number of SQL; a negative one is not an atom, since its sign is an operator. */
    static Term number(String digits) {
        return digits.startsWith("-") ? new Term("(" + digits + ")", Strength.ATOM) : atom(digits);
    }

    static Term nothing(String sqlType) {
        return new Term("null::" + sqlType, Strength.CAST);
    }

    /** {@code left operator right}, of an operator that associates to the left. */
    static Term binary(Term left, String operator, Term right, Strength strength) {
        return new Term(left.in(strength) + " " + operator + " " + right.in(strength.tighter()), strength);
    }

    static Term compare(Term left, String operator, Term right) {
        return new Term(
                left.in(Strength.OPERATOR) + " " + operator + " " + right.in(Strength.OPERATOR), Strength.COMPARISON);
    }

    static Term and(Term left, Term right) {
        return new Term(left.in(Strength.AND) + " and " + right.in(Strength.AND), Strength.AND);
    }

    static Term or(Term left, Term right) {
        return new Term(left.in(Strength.OR) + " or " + right.in(Strength.OR), Strength.OR);
    }

    Term not() {
        return new Term("not " + in(Strength.NOT), Strength.NOT);
    }

    /** {@code this is …}: {@code null}, {@code not null}, {@code true}, {@code not true}. */
    Term is(String what) {
        return new Term(in(Strength.COMPARISON) + " is " + what, Strength.IS);
    }

    Term cast(String sqlType) {
        return new Term(in(Strength.CAST) + "::" + sqlType, Strength.CAST);
    }

    /** The number as one of any digits: literals, counts and positions are SQL integers, which divide to integers. */
    Term numeric() {
        return text.endsWith("::numeric") ? this : cast("numeric");
    }

    /** A member of an object or an item of an array, as JSON. */
    Term member(String step) {
        return new Term(in(Strength.OPERATOR) + "->" + step, Strength.OPERATOR);
    }

    /** A member of an object or an item of an array, as text. */
    Term memberText(String step) {
        return new Term(in(Strength.OPERATOR) + "->>" + step, Strength.OPERATOR);
    }

    /** {@code case when condition then value [else otherwise] end}. */
    static Term when(Term condition, Term value) {
        return choice(branch(condition, value));
    }

    static Term when(Term condition, Term value, Term otherwise) {
        return choice(branch(condition, value), "else " + otherwise.text);
    }

    /** {@code when condition then value}. */
    static String branch(Term condition, Term value) {
        return "when " + condition.text + " then " + value.text;
    }

    static Term choice(String... branches) {
        return atom(Layout.choice("case", List.of(branches)));
    }

    /** {@code case tested when value then …}, which works the tested term out once. */
    static Term choiceOf(Term tested, String... branches) {
        return atom(Layout.choice("case " + tested, List.of(branches)));
    }

    /** A {@code case} or a call written out, with {@code %s} for each term; an atom fits every place. */
    static Term template(String format, Term... terms) {
        return atom(filled(format, terms));
    }

    /** The same for an expression whose outermost operator is {@code ||} or the like. */
    static Term operation(String format, Term... terms) {
        return new Term(filled(format, terms), Strength.OPERATOR);
    }

    private static String filled(String format, Term... terms) {
        Object[] atoms = new Object[terms.length];
        for (int i = 0; i < terms.length; i++) {
            atoms[i] = terms[i].in(Strength.ATOM);
        }
        return String.format(Locale.ROOT, format, atoms);
    }

    /** Whether it may be written several times without the SQL or the work growing. */
    boolean isShort() {
        return text.length() <= SHORT && text.indexOf('\n') < 0 && !text.contains("(select");
    }

    /** The text as an operand of an operator of this strength. */
    String in(Strength needed) {
        return strength.compareTo(needed) >= 0 ? text : "(" + text + ")";
    }

    @Override
    public String toString() {
        return text;
    }
}
