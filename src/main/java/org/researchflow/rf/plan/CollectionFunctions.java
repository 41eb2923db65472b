package org.researchflow.rf.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.plan.Items.Concat;
import org.researchflow.rf.plan.Items.Descendants;
import org.researchflow.rf.plan.Items.Distinct;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Items.Slice;
import org.researchflow.rf.plan.PathCompiler.Scope;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Comparator;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Count;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Joined;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Value.Not;

/** The functions that select from a collection, walk through it, count it or put two together. */
final class CollectionFunctions {

    private CollectionFunctions() {}

    static void addTo(Functions table) {
        table.add("where", 1, 1, Invocation::matching);
        table.add("select", 1, 1, CollectionFunctions::select);
        table.add("repeat", 1, 1, CollectionFunctions::repeat);
        table.add("first", call -> Collections.pick(call.input(), 0, false));
        table.add("last", call -> Collections.pick(call.input(), 0, true));
        table.add("single", call -> new One(Collections.only(call.input(), "single()")));
        table.add("tail", call -> slice(call.input(), new Literal(Type.INTEGER, "1"), Optional.empty()));
        table.add("skip", 1, 1, call -> slice(call.input(), call.argument(0, Kind.INTEGER), Optional.empty()));
        table.add(
                "take",
                1,
                1,
                call -> slice(
                        call.input(), new Literal(Type.INTEGER, "0"), Optional.of(call.argument(0, Kind.INTEGER))));
        table.add("count", call -> new One(new Count(call.input())));
        table.add("distinct", call -> distinct(call.input()));
        table.add("isDistinct", CollectionFunctions::isDistinct);
        table.add("union", 1, 1, call -> distinct(Collections.concat(List.of(call.input(), call.items(0)))));
        table.add("combine", 1, 1, call -> Collections.concat(List.of(call.input(), call.items(0))));
        table.add("intersect", 1, 1, call -> distinct(call.collections().filter(call.input(), in(call, 0))));
        table.add("exclude", 1, 1, call -> {
            Function<Var, Value> in = in(call, 0);
            return call.collections().filter(call.input(), item -> new Not(in.apply(item)));
        });
        table.add("subsetOf", 1, 1, call -> new One(isSubset(call.input(), call.items(0), call)));
        table.add("supersetOf", 1, 1, call -> new One(isSubset(call.items(0), call.input(), call)));
        table.add("join", 0, 1, CollectionFunctions::join);
    }

    private static Items select(Invocation call) {
        Expression projection = call.call().arguments().getFirst();
        return call.collections()
                .flatMap(
                        call.counted(),
                        value -> call.collections()
                                .where(
                                        value,
                                        call.paths()
                                                .compile(
                                                        projection, call.scope().within(value))));
    }

    /** The nodes are found as a select's {@code repeat} finds them; each is given once. */
    private static Items repeat(Invocation call) {
        Items first = select(call);
        Var node = call.collections().walker(first);
        Scope below = call.scope().within(new Item(node));
        Items next = call.paths().ifKnown(call.call().arguments().getFirst(), below);
        if (!next.equals(Collections.none()) && !next.type().equals(first.type())) {
            throw call.rejection("repeat() over nodes of several types", "expected a path to one type");
        }
        return first.equals(Collections.none())
                ? first
                : distinct(new Descendants(
                        List.of(first), node, next.equals(Collections.none()) ? List.of() : List.of(next)));
    }

    private static Items slice(Items source, Value skip, Optional<Value> take) {
        return source.equals(Collections.none()) ? source : new Slice(source, skip, take);
    }

    static Items distinct(Items items) {
        if (items instanceof Concat(List<Items> parts)) {
            List<Items> runs = runs(parts);
            if (runs.size() > 1) {
                return Collections.concat(
                        runs.stream().map(CollectionFunctions::distinct).toList());
            }
        }
        return items instanceof One || items instanceof Distinct ? items : new Distinct(items);
    }

    /**
     * The parts put together where they are of one type, so that what follows still knows the types: items of different
     * types are never equal. One part, if items of a type would have to change their places.
     */
    private static List<Items> runs(List<Items> parts) {
        List<Object> types = new ArrayList<>();
        List<List<Items>> runs = new ArrayList<>();
        for (Items part : parts) {
            Object type = comparable(part.type());
            boolean same = !types.isEmpty() && types.getLast().equals(type);
            if (part.type().equals(Type.ANY) || (!same && types.contains(type))) {
                return List.of(Collections.concat(parts));
            }
            if (!same) {
                types.add(type);
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(part);
        }
        return runs.stream().map(Collections::concat).toList();
    }

    /** What is the same for types whose items can be equal. */
    private static Object comparable(Type type) {
        return switch (type.kind()) {
            case COMPLEX -> type;
            case INTEGER, DECIMAL -> Kind.DECIMAL;
            case DATE, DATE_TIME -> Kind.DATE_TIME;
            case BOOLEAN, STRING, TIME, QUANTITY -> type.kind();
        };
    }

    private static Items isDistinct(Invocation call) {
        return call.input() instanceof One
                ? new One(new Literal(Type.BOOLEAN, "true"))
                : new One(new Comparison(Comparator.EQUAL, new Count(call.input()), new Count(distinct(call.input()))));
    }

    private static Function<Var, Value> in(Invocation call, int argument) {
        Items other = call.items(argument);
        return item -> isIn(new Item(item), other, call);
    }

    private static Value isIn(Value item, Items other, Invocation call) {
        return call.paths().operators().isAmong(item, other, call.call().nameSpan());
    }

    private static Value isSubset(Items part, Items whole, Invocation call) {
        return new Not(new Exists(call.collections().filter(part, item -> new Not(isIn(new Item(item), whole, call)))));
    }

    private static Items join(Invocation call) {
        Value separator = call.has(0) ? call.argument(0, Kind.STRING) : new Literal(Type.STRING, "");
        Items input = call.input();
        boolean textless = input.type().kind() == Kind.COMPLEX || input.type().kind() == Kind.QUANTITY;
        if (textless && !input.equals(Collections.none())) {
            throw call.rejection("join() joins strings", "this is " + Operators.described(input.type()));
        }
        return new One(input instanceof One(Absent _) ? new Absent(Type.STRING) : new Joined(input, separator));
    }
}
