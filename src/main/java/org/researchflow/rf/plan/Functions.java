package org.researchflow.rf.plan;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.fhirpath.Expression.Call;
import org.researchflow.rf.fhirpath.Expression.Focus;
import org.researchflow.rf.fhirpath.Expression.Member;
import org.researchflow.rf.fhirpath.Span;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.PathCompiler.Scope;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Boundary;
import org.researchflow.rf.plan.Value.Comparator;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Joined;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Value.Not;
import org.researchflow.rf.plan.Value.ReferenceKey;
import org.researchflow.rf.plan.Value.ResourceKey;

/** The functions of FHIRPath and of SQL on FHIR, each with what it makes of its input. */
final class Functions {

    private final PathCompiler paths;
    private final Collections collections;
    private final Map<String, Entry> table = new TreeMap<>();

    /** What a function does with its input and arguments. */
    @FunctionalInterface
    private interface Meaning {
        Items apply(Items input, Call call, Scope scope);
    }

    private record Entry(int fewest, int most, Meaning meaning) {}

    Functions(PathCompiler paths, Collections collections) {
        this.paths = paths;
        this.collections = collections;
        add("where", 1, 1, this::where);
        add("exists", 0, 1, this::exists);
        add("empty", 0, 0, (input, _, _) -> new One(new Not(new Exists(input))));
        add("not", 0, 0, (input, call, _) -> new One(new Not(bool(input, call))));
        add("first", 0, 0, (input, _, _) -> Collections.pick(input, 0, false));
        add("last", 0, 0, (input, _, _) -> Collections.pick(input, 0, true));
        add("ofType", 1, 1, this::ofType);
        add("as", 1, 1, this::ofType);
        add("extension", 1, 1, this::extension);
        add("join", 0, 1, this::join);
        add("lowBoundary", 0, 0, (input, call, _) -> boundary(input, call, false));
        add("highBoundary", 0, 0, (input, call, _) -> boundary(input, call, true));
        add("getResourceKey", 0, 0, this::resourceKey);
        add("getReferenceKey", 0, 1, this::referenceKey);
    }

    private void add(String name, int fewest, int most, Meaning meaning) {
        table.put(name, new Entry(fewest, most, meaning));
    }

    Items call(Call call, Scope scope) {
        Entry entry = table.get(call.name());
        if (entry == null) {
            throw Rejection.of(
                    call.nameSpan(),
                    "no function \"" + call.name() + "\"",
                    "not a function that rf supports",
                    Suggestion.nearest(call.name(), table.keySet()));
        }
        int count = call.arguments().size();
        if (count < entry.fewest || count > entry.most) {
            String wanted = entry.fewest == entry.most ? "" + entry.most : entry.fewest + " to " + entry.most;
            throw Rejection.of(
                    call.nameSpan(),
                    call.name() + "() takes " + wanted + " argument" + (entry.most == 1 ? "" : "s"),
                    "found " + count);
        }
        return entry.meaning.apply(paths.compile(call.target(), scope), call, scope);
    }

    private Items where(Items input, Call call, Scope scope) {
        Expression criteria = call.arguments().getFirst();
        return collections.filter(input, item -> paths.condition(criteria, scope.within(new Item(item))));
    }

    private Items exists(Items input, Call call, Scope scope) {
        return new One(new Exists(call.arguments().isEmpty() ? input : where(input, call, scope)));
    }

    private Items ofType(Items input, Call call, Scope scope) {
        Expression type = call.arguments().getFirst();
        return paths.ofType(input, typeName(type), type.span());
    }

    /** A type specifier has the form of a path: {@code Quantity}, {@code FHIR.Quantity}. */
    private static String typeName(Expression specifier) {
        return switch (specifier) {
            case Member(Focus _, String name, Span _) -> name;
            case Member(Member(Focus _, String space, Span _), String name, Span _) -> space + "." + name;
            default -> throw Rejection.of(specifier.span(), "not a type's name", "expected a type, such as Quantity");
        };
    }

    private Items extension(Items input, Call call, Scope scope) {
        Value url = Collections.only(paths.compile(call.arguments().getFirst(), scope), "extension()'s url");
        if (url.type().kind() != Kind.STRING) {
            throw Rejection.of(call.arguments().getFirst().span(), "extension() takes a url", "expected a string here");
        }
        Items extensions = paths.children(input, "extension", call.nameSpan());
        return collections.filter(extensions, item -> {
            Value itemUrl = Collections.only(
                    paths.children(new One(new Item(item)), "url", call.nameSpan()), "an extension's url");
            return new Comparison(Comparator.EQUAL, itemUrl, url);
        });
    }

    private Items join(Items input, Call call, Scope scope) {
        Value separator = call.arguments().isEmpty()
                ? new Literal(Type.STRING, "")
                : Collections.only(paths.compile(call.arguments().getFirst(), scope), "join()'s separator");
        if (input.type().kind() != Kind.STRING && !input.equals(Collections.none())) {
            throw Rejection.of(call.nameSpan(), "join() joins strings", "this is " + Operators.described(input.type()));
        }
        return new One(new Joined(input, separator));
    }

    private static Items boundary(Items input, Call call, boolean high) {
        Value value = Collections.only(input, call.name() + "()");
        return switch (value.type().kind()) {
            case DECIMAL, DATE, DATE_TIME, TIME -> new One(new Boundary(value, high));
            default ->
                throw Rejection.of(
                        call.nameSpan(),
                        call.name() + "() is defined for decimals, dates and times",
                        "this is " + Operators.described(value.type()));
        };
    }

    private Items resourceKey(Items input, Call call, Scope scope) {
        if (!(input instanceof One(Item(Var of))) || !paths.isRoot(of)) {
            throw Rejection.of(
                    call.nameSpan(), "getResourceKey() is a function of the resource", "use it at the top of the view");
        }
        return new One(new ResourceKey());
    }

    private Items referenceKey(Items input, Call call, Scope scope) {
        Optional<String> type = call.arguments().stream().findFirst().map(Functions::typeName);
        type.ifPresent(
                t -> paths.requireResourceType(t, call.arguments().getFirst().span()));
        if (!input.type().name().equals("Reference")) {
            throw Rejection.of(
                    call.nameSpan(),
                    "getReferenceKey() is a function of a Reference",
                    "this is " + Operators.described(input.type()));
        }
        return collections.flatMap(input, reference -> new One(new ReferenceKey(reference, type)));
    }

    private static Value bool(Items input, Call call) {
        Value value = Collections.only(input, call.name() + "()");
        if (value.type().kind() != Kind.BOOLEAN) {
            throw Rejection.of(
                    call.nameSpan(), "not() negates a boolean", "this is " + Operators.described(value.type()));
        }
        return value;
    }
}
