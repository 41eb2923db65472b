package org.researchflow.rf.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.researchflow.rf.plan.Items.Concat;
import org.researchflow.rf.plan.Items.Descendants;
import org.researchflow.rf.plan.Items.Distinct;
import org.researchflow.rf.plan.Items.Each;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.Filter;
import org.researchflow.rf.plan.Items.Numbered;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Items.Slice;
import org.researchflow.rf.plan.Items.Split;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Conditional;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Field;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Let;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Value.Only;
import org.researchflow.rf.plan.Value.Pick;
import org.researchflow.rf.plan.Value.ReferenceKey;
import org.researchflow.rf.plan.Value.ResourceKey;

/** The algebra of {@link Items}: how steps are put one after the other so that a plan stays small and singular. */
final class Collections {

    private final Names names;

    Collections(Names names) {
        this.names = names;
    }

    /** Nothing at all. */
    static Items none() {
        return new One(new Absent(Type.ANY));
    }

    /**
     * The step for every item of the source in turn. A step on one value is that step itself, and a step on the items
     * of an {@link Each} is taken inside it, so that a choice of types is met where its alternatives are still known.
     */
    Items flatMap(Items source, Function<Value, Items> step) {
        return switch (source) {
            case One(Either(List<Value> values)) ->
                alternatives(values.stream().map(step).toList());
            case One(Absent _) -> none();
            case One(Value value) -> step.apply(value);
            case Each(Items outer, Var item, Items each) -> each(outer, item, flatMap(each, step));
            case Concat(List<Items> parts) ->
                concat(parts.stream().map(part -> flatMap(part, step)).toList());
            case Elements _, Filter _, Descendants _, Distinct _, Slice _, Numbered _, Split _ -> {
                Var item = walker(source);
                yield each(source, item, step.apply(new Item(item)));
            }
        };
    }

    /** Those items for which the condition, made for a variable, holds. */
    Items filter(Items source, Function<Var, Value> condition) {
        return switch (source) {
            case One(Absent _) -> source;
            case One(Either(List<Value> values)) ->
                alternatives(values.stream()
                        .map(value -> filter(new One(value), condition))
                        .toList());
            case Each(Items outer, Var item, Items each) -> each(outer, item, filter(each, condition));
            case Concat(List<Items> parts) ->
                concat(parts.stream().map(part -> filter(part, condition)).toList());
            case One _, Elements _, Filter _, Descendants _, Distinct _, Slice _, Numbered _, Split _ -> {
                Var item = walker(source);
                yield new Filter(source, item, condition.apply(item));
            }
        };
    }

    /** A variable for the items of a source. */
    Var walker(Items source) {
        return names.fresh(hint(source), source.type(), path(source));
    }

    /** What is made of a value that is needed more than once: it is worked out once. */
    Value let(Value value, UnaryOperator<Value> body) {
        if (value instanceof Absent || value instanceof Literal || value instanceof Item) {
            return body.apply(value);
        }
        Var name = names.fresh("it", value.type(), path(value));
        return new Let(name, value, body.apply(new Item(name)));
    }

    /** All items of the parts, one part after the other. */
    static Items concat(List<Items> parts) {
        List<Items> flat = new ArrayList<>();
        for (Items part : parts) {
            switch (part) {
                case Concat(List<Items> inner) -> flat.addAll(inner);
                case One(Absent _) -> {}
                default -> flat.add(part);
            }
        }
        if (flat.isEmpty()) {
            return none();
        }
        return flat.size() == 1 ? flat.getFirst() : new Concat(flat);
    }

    /** What was made of a value, if there is that value: an expression may give something for nothing. */
    Items where(Value value, Items made) {
        if (made.equals(none()) || value instanceof Item || value instanceof Literal || isPart(made, value)) {
            return made;
        }
        Value there = new Exists(new One(value));
        return made instanceof One(Value single)
                ? new One(new Conditional(there, single, new Absent(single.type())))
                : guarded(made, there);
    }

    /** Whether the items are elements below the value, so that there is none when it is missing. */
    private static boolean isPart(Items items, Value value) {
        return switch (items) {
            case One(Value single) -> isPart(single, value);
            case Elements(Value object, String _, Type _) -> isPart(object, value);
            case Each(Items source, Var _, Items _) -> isPart(source, value);
            case Filter(Items source, Var _, Value _) -> isPart(source, value);
            case Concat _, Descendants _, Distinct _, Slice _, Numbered _, Split _ -> false;
        };
    }

    private static boolean isPart(Value single, Value value) {
        return single.equals(value)
                || (single instanceof Field(Value object, String _, Type _) && isPart(object, value));
    }

    /** The items if the condition is true, otherwise none. */
    Items guarded(Items items, Value condition) {
        return items instanceof One(Absent _) ? items : new Filter(items, walker(items), condition);
    }

    /** The item at a position; an expression that gives one value at most stays as it is. */
    static Items pick(Items source, int position, boolean fromBack) {
        if (source instanceof One) {
            return position == 0 ? source : none();
        }
        return position < 0
                ? none()
                : new One(new Pick(source, new Literal(Type.INTEGER, String.valueOf(position)), fromBack));
    }

    /** The single value, an error when the rows are made if there are several. */
    static Value only(Items items, String what) {
        return items instanceof One(Value value) ? value : new Only(items, what);
    }

    private static Items each(Items source, Var item, Items each) {
        return each instanceof One(Absent _) ? none() : new Each(source, item, each);
    }

    /** Of a choice of types at most one is there, so that the results can be put together without an order. */
    private static Items alternatives(List<Items> parts) {
        List<Items> present =
                parts.stream().filter(part -> !(part instanceof One(Absent _))).toList();
        if (present.isEmpty()) {
            return none();
        }
        if (present.size() == 1) {
            return present.getFirst();
        }
        List<Value> values = new ArrayList<>();
        for (Items part : present) {
            switch (part) {
                case One(Either(List<Value> inner)) -> values.addAll(inner);
                case One(Value value) -> values.add(value);
                default -> {
                    return new Concat(present);
                }
            }
        }
        return new One(new Either(values));
    }

    private static String hint(Items source) {
        return switch (source) {
            case Elements(Value _, String name, Type _) -> name;
            case Filter(Items _, Var item, Value _) -> item.name();
            case Descendants(List<Items> _, Var node, List<Items> _) -> node.name();
            case One(Field(Value _, String name, Type _)) -> name;
            case Numbered(Items of) -> hint(of);
            case Distinct(Items of) -> hint(of);
            case Slice(Items of, Value _, Optional<Value> _) -> hint(of);
            case One _, Each _, Concat _, Split _ -> "item";
        };
    }

    /**
     * Where the items come from when that can be told in a few words: elements, one below the other, from the resource;
     * the first of them, their bounds, and whether there is one.
     */
    static Optional<String> path(Items items) {
        return switch (items) {
            case One(Value value) -> path(value);
            case Elements(Value object, String name, Type _) -> path(object).map(p -> p + "." + name);
            case Each(Items _, Var _, Items each) -> path(each);
            case Numbered(Items of) -> path(of);
            case Filter _, Concat _, Descendants _, Distinct _, Slice _, Split _ -> Optional.empty();
        };
    }

    private static Optional<String> path(Value value) {
        return switch (value) {
            case Item(Var of) -> of.path();
            case Field(Value object, String name, Type _) -> path(object).map(p -> p + "." + name);
            case ResourceKey() -> Optional.of("getResourceKey()");
            case ReferenceKey(Value reference, Optional<String> type) ->
                path(reference).map(p -> p + ".getReferenceKey(" + type.orElse("") + ")");
            case Pick(Items items, Literal(Type _, String position), boolean fromBack)
            when position.equals("0") && !fromBack -> path(items).map(p -> p + ".first()");
            case Value.Boundary(Value of, boolean high, Optional<Integer> precision)
            when precision.isEmpty() -> path(of).map(p -> p + (high ? ".highBoundary()" : ".lowBoundary()"));
            case Value.Exists(Items items) -> path(items).map(p -> p + ".exists()");
            case Value.Comparison(Value.Comparator comparator, Value left, Literal(Type type, String text))
            when comparator == Value.Comparator.EQUAL && type.equals(Type.BOOLEAN) ->
                path(left).map(p -> p + " = " + text);
            case Value.Logic(Value.Connective connective, Value left, Value right)
            when connective == Value.Connective.OR ->
                path(left).flatMap(one -> path(right).map(other -> one + " or " + other));
            default -> Optional.empty();
        };
    }
}
