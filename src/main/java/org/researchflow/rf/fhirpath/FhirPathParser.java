package org.researchflow.rf.fhirpath;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.fhirpath.Expression.Binary;
import org.researchflow.rf.fhirpath.Expression.Call;
import org.researchflow.rf.fhirpath.Expression.Empty;
import org.researchflow.rf.fhirpath.Expression.External;
import org.researchflow.rf.fhirpath.Expression.Focus;
import org.researchflow.rf.fhirpath.Expression.Index;
import org.researchflow.rf.fhirpath.Expression.Indexer;
import org.researchflow.rf.fhirpath.Expression.Literal;
import org.researchflow.rf.fhirpath.Expression.LiteralKind;
import org.researchflow.rf.fhirpath.Expression.Member;
import org.researchflow.rf.fhirpath.Expression.QuantityLiteral;
import org.researchflow.rf.fhirpath.Expression.Sign;
import org.researchflow.rf.fhirpath.Expression.This;
import org.researchflow.rf.fhirpath.Expression.Total;
import org.researchflow.rf.fhirpath.Expression.TypeTest;
import org.researchflow.rf.fhirpath.Token.Kind;

/**
 * FHIRPath text into an {@link Expression}: recursive descent, a method for each rule of the grammar.
 *
 * @see <a href="https://hl7.org/fhirpath/N1/grammar.html">FHIRPath grammar</a>
 */
public final class FhirPathParser {

    private static final Set<String> CALENDAR_UNITS = Set.of(
            "year",
            "years",
            "month",
            "months",
            "week",
            "weeks",
            "day",
            "days",
            "hour",
            "hours",
            "minute",
            "minutes",
            "second",
            "seconds",
            "millisecond",
            "milliseconds");

    /** Deep enough for any expression that a person writes; the parser's own stack is the limit that it guards. */
    private static final int DEEPEST = 200;

    /** Longer chains of steps or operators would exhaust the stack of what walks through them. */
    private static final int LONGEST_CHAIN = 500;

    /** A chain of {@code |} is a list, such as the codes of a value set; what reads it does not recurse deeply. */
    private static final int LONGEST_LIST = 5000;

    private final List<Token> tokens;
    private int at;
    private int depth;

    private FhirPathParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * Parses a whole expression.
     *
     * @throws FhirPathSyntaxException if the text is not FHIRPath, with the offset where it stops being so
     */
    public static Expression parse(String text) {
        FhirPathParser parser = new FhirPathParser(Lexer.tokens(text));
        if (parser.peek().kind() == Kind.END) {
            throw new FhirPathSyntaxException("expected an expression, found nothing", 0);
        }
        Expression expression = parser.expression(1);
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("an operator or the end");
        }
        return expression;
    }

    /** Operators of at least this rank, left-associative. */
    private Expression expression(int rank) {
        if (++depth > DEEPEST * Operator.STRONGEST_RANK) {
            throw new FhirPathSyntaxException(
                    "this expression is nested too deeply", peek().span().start());
        }
        Expression left = rank == Operator.STRONGEST_RANK + 1 ? sign() : expression(rank + 1);
        depth--;
        for (int links = 0; ; links++) {
            if (links > (rank == Operator.UNION.rank() ? LONGEST_LIST : LONGEST_CHAIN)) {
                throw tooLong();
            }
            if (rank == Operator.TYPE_RANK && (peek().is("is") || peek().is("as"))) {
                boolean as = take().text().equals("as");
                left = typeTest(as, left);
                continue;
            }
            Optional<Operator> operator = operator(rank);
            if (operator.isEmpty()) {
                return left;
            }
            Span span = take().span();
            left = new Binary(operator.get(), left, expression(rank + 1), span);
        }
    }

    private Optional<Operator> operator(int rank) {
        Token token = peek();
        for (Operator operator : Operator.values()) {
            if (operator.rank() == rank && token.is(operator.symbol())) {
                return Optional.of(operator);
            }
        }
        return Optional.empty();
    }

    private Expression typeTest(boolean as, Expression operand) {
        Token first = identifier("a type name");
        String type = first.text();
        Span span = first.span();
        if (peek().is(".")) {
            take();
            Token second = identifier("a type name");
            type = type + "." + second.text();
            span = span.to(second.span());
        }
        return new TypeTest(as, operand, type, span);
    }

    private Expression sign() {
        Token token = peek();
        if (token.kind() == Kind.SYMBOL && (token.is("+") || token.is("-"))) {
            take();
            Expression operand = sign();
            return new Sign(token.is("-"), operand, token.span().to(operand.span()));
        }
        return path();
    }

    private Expression path() {
        Expression left = term();
        for (int links = 0; ; links++) {
            if (links > LONGEST_CHAIN) {
                throw tooLong();
            }
            if (peek().is(".")) {
                take();
                left = invocation(left);
            } else if (peek().is("[")) {
                take();
                Expression index = expression(1);
                Token close = expect("]");
                left = new Indexer(left, index, left.span().to(close.span()));
            } else {
                return left;
            }
        }
    }

    private Expression invocation(Expression target) {
        Token token = peek();
        if (token.kind() == Kind.SPECIAL) {
            throw new FhirPathSyntaxException(
                    "$" + token.text() + " cannot follow a dot", token.span().start());
        }
        Token name = identifier("an element or a function");
        return peek().is("(") ? call(target, name) : new Member(target, name.text(), name.span());
    }

    private Call call(Expression target, Token name) {
        expect("(");
        List<Expression> arguments = new ArrayList<>();
        if (!peek().is(")")) {
            arguments.add(expression(1));
            while (peek().is(",")) {
                take();
                arguments.add(expression(1));
            }
        }
        Token close = expect(")");
        return new Call(
                target, name.text(), arguments, name.span(), target.span().to(close.span()));
    }

    private Expression term() {
        Token token = peek();
        if (token.kind() == Kind.END || (token.kind() == Kind.SYMBOL && !token.is("(") && !token.is("{"))) {
            throw unexpected("an expression");
        }
        take();
        return switch (token.kind()) {
            case STRING -> new Literal(LiteralKind.STRING, token.text(), token.span());
            case DATE -> new Literal(LiteralKind.DATE, token.text(), token.span());
            case DATE_TIME -> new Literal(LiteralKind.DATE_TIME, token.text(), token.span());
            case TIME -> new Literal(LiteralKind.TIME, token.text(), token.span());
            case NUMBER -> number(token);
            case EXTERNAL -> new External(token.text(), token.span());
            case SPECIAL -> special(token);
            case IDENTIFIER, QUOTED_IDENTIFIER -> identifierTerm(token);
            case SYMBOL, END ->
                token.is("(")
                        ? parenthesized()
                        : new Empty(token.span().to(expect("}").span()));
        };
    }

    private Expression parenthesized() {
        Expression inner = expression(1);
        expect(")");
        return inner;
    }

    private Expression identifierTerm(Token token) {
        if (token.kind() == Kind.IDENTIFIER && (token.is("true") || token.is("false"))) {
            return new Literal(LiteralKind.BOOLEAN, token.text(), token.span());
        }
        Focus focus = new Focus(new Span(token.span().start(), token.span().start()));
        return peek().is("(") ? call(focus, token) : new Member(focus, token.text(), token.span());
    }

    private Expression special(Token token) {
        return switch (token.text()) {
            case "this" -> new This(token.span());
            case "index" -> new Index(token.span());
            default -> new Total(token.span());
        };
    }

    private Expression number(Token token) {
        Token next = peek();
        if (next.kind() == Kind.STRING) {
            take();
            return new QuantityLiteral(token.text(), next.text(), token.span().to(next.span()));
        }
        if (next.kind() == Kind.IDENTIFIER && CALENDAR_UNITS.contains(next.text())) {
            take();
            return new QuantityLiteral(token.text(), next.text(), token.span().to(next.span()));
        }
        LiteralKind kind = token.text().indexOf('.') < 0 ? LiteralKind.INTEGER : LiteralKind.DECIMAL;
        return new Literal(kind, token.text(), token.span());
    }

    private Token identifier(String expected) {
        Token token = peek();
        if (token.kind() != Kind.IDENTIFIER && token.kind() != Kind.QUOTED_IDENTIFIER) {
            throw unexpected(expected);
        }
        return take();
    }

    private Token expect(String symbol) {
        if (!peek().is(symbol)) {
            throw unexpected("'" + symbol + "'");
        }
        return take();
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token take() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    private FhirPathSyntaxException tooLong() {
        return new FhirPathSyntaxException(
                "this expression is too long", peek().span().start());
    }

    private FhirPathSyntaxException unexpected(String expected) {
        return new FhirPathSyntaxException(
                String.format(Locale.ROOT, "expected %s here", expected),
                peek().span().start());
    }
}
