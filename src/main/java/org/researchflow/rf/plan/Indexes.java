package org.researchflow.rf.plan;

import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.fhirpath.Expression.Binary;
import org.researchflow.rf.fhirpath.Expression.Call;
import org.researchflow.rf.fhirpath.Expression.Index;
import org.researchflow.rf.fhirpath.Expression.Indexer;
import org.researchflow.rf.fhirpath.Expression.Member;
import org.researchflow.rf.fhirpath.Expression.Sign;
import org.researchflow.rf.fhirpath.Expression.TypeTest;

/** Finds {@code $index} in expressions. */
final class Indexes {

    private Indexes() {}

    static boolean isAskedFor(Expression expression) {
        return switch (expression) {
            case Index _ -> true;
            case Member member -> isAskedFor(member.target());
            case Call call ->
                isAskedFor(call.target()) || call.arguments().stream().anyMatch(Indexes::isAskedFor);
            case Indexer indexer -> isAskedFor(indexer.target()) || isAskedFor(indexer.index());
            case Sign sign -> isAskedFor(sign.operand());
            case Binary binary -> isAskedFor(binary.left()) || isAskedFor(binary.right());
            case TypeTest test -> isAskedFor(test.operand());
            case Expression.Focus _,
                    Expression.This _,
                    Expression.Total _,
                    Expression.Empty _,
                    Expression.Literal _,
                    Expression.QuantityLiteral _,
                    Expression.External _ -> false;
        };
    }
}
