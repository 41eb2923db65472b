package org.researchflow.rf.plan;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.fhirpath.Expression.Call;
import org.researchflow.rf.fhirpath.Expression.Focus;
import org.researchflow.rf.fhirpath.Expression.Member;
import org.researchflow.rf.fhirpath.Span;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.PathCompiler.Scope;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Literal;

/**
 * A function call at hand: what it is called on and with, and where.
 *
 * @param input the items that it is called on
 * @param call the call as written
 * @param scope where its arguments are evaluated
 */
record Invocation(Items input, Call call, Scope scope, PathCompiler paths, Collections collections) {

    String name() {
        return call.name() + "()";
    }

    boolean has(int argument) {
        return call.arguments().size() > argument;
    }

    Span argumentSpan(int argument) {
        return call.arguments().get(argument).span();
    }

    /** The items of an argument. */
    Items items(int argument) {
        return paths.compile(call.arguments().get(argument), scope);
    }

    /** The input as one value of one of these kinds. */
    Value single(Kind... kinds) {
        return value(input, call.nameSpan(), "the input of " + name(), Set.of(kinds));
    }

    /** An argument as one value of one of these kinds. */
    Value argument(int index, Kind... kinds) {
        Expression argument = call.arguments().get(index);
        return value(items(index), argument.span(), "an argument of " + name(), Set.of(kinds));
    }

    private static Value value(Items items, Span span, String what, Set<Kind> kinds) {
        Value value = Collections.only(items, what);
        if (value instanceof Absent || kinds.contains(value.type().kind())) {
            return value;
        }
        if (value instanceof Either(List<Value> values)) {
            List<Value> fitting =
                    values.stream().filter(v -> kinds.contains(v.type().kind())).toList();
            if (!fitting.isEmpty()) {
                return fitting.size() == 1 ? fitting.getFirst() : new Either(fitting);
            }
        }
        String wanted =
                kinds.stream().sorted().map(Operators::described).distinct().collect(Collectors.joining(" or "));
        throw Rejection.of(span, what + " must be " + wanted, "this is " + Operators.described(value.type()));
    }

    /** An argument that must be known when the view is compiled. */
    Literal literal(int index, Kind kind) {
        Value value = argument(index, kind);
        if (value instanceof Literal literal) {
            return literal;
        }
        throw Rejection.of(
                call.arguments().get(index).span(),
                "an argument of " + name() + " must be a literal or a constant",
                "this depends on the resource");
    }

    /** The argument as a condition on an item. */
    Value criteria(int index, Var item) {
        return paths.condition(call.arguments().get(index), scope.within(new Item(item)));
    }

    /** The input's items for which the first argument holds. */
    Items matching() {
        return collections.filter(counted(), item -> criteria(0, item));
    }

    /** The input, its items counted when an argument asks for {@code $index}. */
    Items counted() {
        boolean counts = call.arguments().stream().anyMatch(Indexes::isAskedFor);
        return counts && !(input instanceof One) ? new Items.Numbered(input) : input;
    }

    /** A type specifier has the form of a path: {@code Quantity}, {@code FHIR.Quantity}. */
    String typeName(int index) {
        return switch (call.arguments().get(index)) {
            case Member(Focus _, String name, Span _) -> name;
            case Member(Member(Focus _, String space, Span _), String name, Span _) -> space + "." + name;
            case Expression other ->
                throw Rejection.of(other.span(), "not a type's name", "expected a type, such as Quantity");
        };
    }

    /** The single input turned into another value; of a choice of types each alternative by itself. */
    Items converted(Function<Value, Value> conversion) {
        Value value = Collections.only(input, "the input of " + name());
        return collections.flatMap(new One(value), v -> new One(conversion.apply(v)));
    }

    Rejection rejection(String what, String remark) {
        return Rejection.of(call.nameSpan(), what, remark);
    }
}
