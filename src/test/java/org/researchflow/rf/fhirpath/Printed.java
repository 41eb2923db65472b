package org.researchflow.rf.fhirpath;

import java.util.stream.Collectors;
import org.researchflow.rf.fhirpath.Expression.Focus;

/** An expression as text with all parentheses that it could have. */
final class Printed {

    private Printed() {}

    static String of(Expression expression) {
        return switch (expression) {
            case Focus _ -> "";
            case Expression.This _ -> "$this";
            case Expression.Index _ -> "$index";
            case Expression.Total _ -> "$total";
            case Expression.Empty _ -> "{}";
            case Expression.Literal literal ->
                switch (literal.kind()) {
                    case STRING -> "'" + literal.text() + "'";
                    case DATE, DATE_TIME -> "@" + literal.text();
                    case TIME -> "@T" + literal.text();
                    case BOOLEAN, INTEGER, DECIMAL -> literal.text();
                };
            case Expression.QuantityLiteral quantity -> quantity.value() + " '" + quantity.unit() + "'";
            case Expression.External external -> "%" + external.name();
            case Expression.Member member -> target(member.target()) + member.name();
            case Expression.Call call ->
                target(call.target())
                        + call.name()
                        + call.arguments().stream().map(Printed::of).collect(Collectors.joining(", ", "(", ")"));
            case Expression.Indexer indexer -> nested(indexer.target()) + "[" + of(indexer.index()) + "]";
            case Expression.Sign sign -> (sign.negative() ? "-" : "+") + "(" + of(sign.operand()) + ")";
            case Expression.Binary binary ->
                "(" + of(binary.left()) + " " + binary.operator().symbol() + " " + of(binary.right()) + ")";
            case Expression.TypeTest test ->
                "(" + of(test.operand()) + (test.as() ? " as " : " is ") + test.type() + ")";
        };
    }

    private static String target(Expression target) {
        return target instanceof Focus ? "" : "(" + of(target) + ").";
    }

    private static String nested(Expression target) {
        return target instanceof Expression.Member(Focus _, String name, Span _) ? name : "(" + of(target) + ")";
    }
}
