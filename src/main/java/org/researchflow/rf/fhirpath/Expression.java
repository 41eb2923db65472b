package org.researchflow.rf.fhirpath;

import java.util.List;

/**
 * A parsed FHIRPath expression: syntax only, as the grammar of FHIRPath 2.0 has it.
 *
 * @see <a href="https://hl7.org/fhirpath/N1/grammar.html">FHIRPath grammar</a>
 */
public sealed interface Expression {

    /** Where this expression stands in the text. */
    Span span();

    /** What a path without anything before it starts from: the current item. */
    record Focus(Span span) implements Expression {}

    /** {@code $this}. */
    record This(Span span) implements Expression {}

    /** {@code $index}. */
    record Index(Span span) implements Expression {}

    /** {@code $total}. */
    record Total(Span span) implements Expression {}

    /** <code>{}</code>. */
    record Empty(Span span) implements Expression {}

    /** A literal, its text decoded: no quotes, no {@code @}, escapes resolved. */
    record Literal(LiteralKind kind, String text, Span span) implements Expression {}

    /** A number with a unit: {@code 4 days}, {@code 10 'mg'}. */
    record QuantityLiteral(String value, String unit, Span span) implements Expression {}

    /** {@code %name}. */
    record External(String name, Span span) implements Expression {}

    /** {@code target.name}. */
    record Member(Expression target, String name, Span nameSpan) implements Expression {
        @Override
        public Span span() {
            return target.span().to(nameSpan);
        }
    }

    /** {@code target.name(arguments)}. */
    record Call(Expression target, String name, List<Expression> arguments, Span nameSpan, Span span)
            implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code target[index]}. */
    record Indexer(Expression target, Expression index, Span span) implements Expression {}

    /** {@code +operand} or {@code -operand}. */
    record Sign(boolean negative, Expression operand, Span span) implements Expression {}

    /** {@code left operator right}. */
    record Binary(Operator operator, Expression left, Expression right, Span operatorSpan) implements Expression {
        @Override
        public Span span() {
            return left.span().to(right.span());
        }
    }

    /** {@code operand is Type} or {@code operand as Type}. */
    record TypeTest(boolean as, Expression operand, String type, Span typeSpan) implements Expression {
        @Override
        public Span span() {
            return operand.span().to(typeSpan);
        }
    }

    /** The kinds of literals. */
    enum LiteralKind {
        BOOLEAN,
        STRING,
        INTEGER,
        DECIMAL,
        DATE,
        DATE_TIME,
        TIME
    }
}
