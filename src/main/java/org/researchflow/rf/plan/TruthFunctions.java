package org.researchflow.rf.plan;

import java.util.List;
import java.util.function.Function;
import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.PathCompiler.Scope;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Conditional;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Holds;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Not;

/** The functions that ask whether something holds. */
final class TruthFunctions {

    private TruthFunctions() {}

    static void addTo(Functions table) {
        table.add("exists", 0, 1, call -> new One(new Exists(call.has(0) ? call.matching() : call.input())));
        table.add("empty", call -> new One(new Not(new Exists(call.input()))));
        table.add(
                "not",
                call -> new One(new Not(
                        call.paths().operators().bool(call.input(), call.call().nameSpan()))));
        table.add("all", 1, 1, TruthFunctions::all);
        table.add("allTrue", call -> new One(new Not(some(call, item -> new Not(new Holds(item))))));
        table.add("anyTrue", call -> new One(some(call, Function.identity())));
        table.add("allFalse", call -> new One(new Not(some(call, item -> new Not(new Holds(new Not(item)))))));
        table.add("anyFalse", call -> new One(some(call, Not::new)));
        table.add("iif", 2, 3, TruthFunctions::iif);
    }

    /** No item for which the criteria are not true; an unknown is not true. */
    private static Items all(Invocation call) {
        return new One(new Not(new Exists(call.collections()
                .filter(call.counted(), item -> new Not(new Holds(call.criteria(0, item)))))));
    }

    private static Value some(Invocation call, Function<Value, Value> condition) {
        if (call.input().type().kind() != Kind.BOOLEAN && !call.input().equals(Collections.none())) {
            throw call.rejection(
                    call.name() + " is a function of booleans",
                    "this is " + Operators.described(call.input().type()));
        }
        return new Exists(call.collections().filter(call.input(), item -> condition.apply(new Item(item))));
    }

    private static Items iif(Invocation call) {
        // Called on something, that is what its arguments look at.
        Scope scope = call.call().target() instanceof Expression.Focus
                ? call.scope()
                : call.scope().within(Collections.only(call.input(), "the input of iif()"));
        List<Expression> arguments = call.call().arguments();
        Value criterion = call.paths().condition(arguments.getFirst(), scope);
        Items then = call.paths().compile(arguments.get(1), scope);
        Items otherwise = call.has(2) ? call.paths().compile(arguments.get(2), scope) : Collections.none();
        if (then instanceof One(Value a) && otherwise instanceof One(Value b)) {
            return new One(
                    b instanceof Absent && a instanceof Absent ? a : new Conditional(criterion, a, typed(b, a.type())));
        }
        return Collections.concat(List.of(
                call.collections().guarded(then, criterion),
                call.collections().guarded(otherwise, new Not(new Holds(criterion)))));
    }

    private static Value typed(Value value, Type type) {
        return value instanceof Absent ? new Absent(type) : value;
    }
}
