package org.researchflow.rf.plan;

import java.util.List;
import java.util.Optional;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Boundary;
import org.researchflow.rf.plan.Value.Comparator;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.ReferenceKey;
import org.researchflow.rf.plan.Value.ResourceKey;

/** What SQL on FHIR and FHIR add to FHIRPath: types, keys, extensions, boundaries. */
final class FhirFunctions {

    private FhirFunctions() {}

    static void addTo(Functions table) {
        table.add("ofType", 1, 1, FhirFunctions::ofType);
        table.add("as", 1, 1, FhirFunctions::ofType);
        table.add(
                "is", 1, 1, call -> new One(call.paths().isType(call.input(), call.typeName(0), call.argumentSpan(0))));
        table.add("extension", 1, 1, FhirFunctions::extension);
        table.add("hasExtension", 1, 1, call -> new One(new Exists(extension(call))));
        table.add("hasValue", FhirFunctions::hasValue);
        table.add("getValue", call -> call.input());
        table.add("getResourceKey", FhirFunctions::resourceKey);
        table.add("getReferenceKey", 0, 1, FhirFunctions::referenceKey);
        table.add("lowBoundary", 0, 1, call -> boundary(call, false));
        table.add("highBoundary", 0, 1, call -> boundary(call, true));
    }

    private static Items ofType(Invocation call) {
        return call.paths().ofType(call.input(), call.typeName(0), call.argumentSpan(0));
    }

    private static Items extension(Invocation call) {
        Value url = call.argument(0, Kind.STRING);
        if (url instanceof Absent) {
            return Collections.none();
        }
        Items extensions =
                call.paths().children(call.input(), "extension", call.call().nameSpan());
        return call.collections().filter(extensions, item -> {
            Items urls = call.paths()
                    .children(new One(new Item(item)), "url", call.call().nameSpan());
            return new Comparison(Comparator.EQUAL, Collections.only(urls, "an extension's url"), url);
        });
    }

    /** Whether there is one primitive with a value, and not with extensions only. */
    private static Items hasValue(Invocation call) {
        if (!(call.input() instanceof One(Value value))) {
            throw call.rejection("hasValue() is a function of a single element", "this can be several");
        }
        List<Value> primitives = (value instanceof Either(List<Value> values) ? values : List.of(value))
                .stream()
                        .filter(v -> v.type().kind() != Kind.COMPLEX && v.type().kind() != Kind.QUANTITY)
                        .toList();
        return primitives.stream()
                .map(FhirFunctions::isValued)
                .reduce((a, b) -> new Value.Logic(Value.Connective.OR, a, b))
                .<Items>map(One::new)
                .orElse(new One(new Value.Literal(Type.BOOLEAN, "false")));
    }

    private static Value isValued(Value value) {
        return value instanceof Absent
                ? new Value.Literal(Type.BOOLEAN, "false")
                : new Exists(new One(new Value.Apply(Scalar.VALUE, List.of(value), value.type())));
    }

    private static Items boundary(Invocation call, boolean high) {
        Optional<Integer> precision = call.has(0)
                ? Optional.of(
                        PathCompiler.position(call.literal(0, Kind.INTEGER).text()))
                : Optional.empty();
        Value value = Collections.only(call.input(), "the input of " + call.name());
        if (value instanceof Either(List<Value> values) && values.stream().anyMatch(FhirFunctions::isBounded)) {
            value = new Either(values.stream().filter(FhirFunctions::isBounded).toList());
        }
        return call.collections().flatMap(new One(value), v -> new One(boundary(call, v, high, precision)));
    }

    private static boolean isBounded(Value value) {
        return value.type().name().equals("Period")
                || switch (value.type().kind()) {
                    case INTEGER, DECIMAL, DATE, DATE_TIME, TIME, QUANTITY -> true;
                    case BOOLEAN, STRING, COMPLEX -> false;
                };
    }

    private static Value boundary(Invocation call, Value value, boolean high, Optional<Integer> precision) {
        if (value instanceof Absent) {
            return value;
        }
        if (value.type().name().equals("Period")) {
            Items edge = call.paths()
                    .children(
                            new One(value), high ? "end" : "start", call.call().nameSpan());
            return new Boundary(Collections.only(edge, call.name()), high, precision);
        }
        return switch (value.type().kind()) {
            case INTEGER, DECIMAL, DATE, DATE_TIME, TIME -> new Boundary(value, high, precision);
            case QUANTITY -> {
                Items number = call.paths()
                        .children(new One(value), "value", call.call().nameSpan());
                Value bound = new Boundary(Collections.only(number, call.name()), high, precision);
                yield new Value.Apply(Scalar.WITH_VALUE, List.of(value, bound), value.type());
            }
            case BOOLEAN, STRING, COMPLEX ->
                throw call.rejection(
                        call.name() + " is defined for numbers, dates, times, Periods and Quantities",
                        "this is " + Operators.described(value.type()));
        };
    }

    private static Items resourceKey(Invocation call) {
        if (!(call.input() instanceof One(Item(Var of))) || !call.paths().isRoot(of)) {
            throw call.rejection("getResourceKey() is a function of the resource", "use it at the top of the view");
        }
        return new One(new ResourceKey());
    }

    private static Items referenceKey(Invocation call) {
        Optional<String> type = call.has(0) ? Optional.of(call.typeName(0)) : Optional.empty();
        type.ifPresent(t -> call.paths().requireResourceType(t, call.argumentSpan(0)));
        if (call.input().equals(Collections.none())) {
            return Collections.none();
        }
        Items input = call.input().type().equals(Type.ANY)
                ? call.paths().ofType(call.input(), "Reference", call.call().nameSpan())
                : call.input();
        if (!input.type().name().equals("Reference")) {
            throw call.rejection(
                    "getReferenceKey() is a function of a Reference",
                    "this is " + Operators.described(call.input().type()));
        }
        return call.collections().flatMap(input, reference -> new One(new ReferenceKey(reference, type)));
    }
}
