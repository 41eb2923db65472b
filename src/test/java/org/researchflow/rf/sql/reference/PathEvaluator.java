package org.researchflow.rf.sql.reference;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.fhirpath.Expression.Binary;
import org.researchflow.rf.fhirpath.Expression.Call;
import org.researchflow.rf.fhirpath.Expression.External;
import org.researchflow.rf.fhirpath.Expression.Indexer;
import org.researchflow.rf.fhirpath.Expression.Literal;
import org.researchflow.rf.fhirpath.Expression.Member;
import org.researchflow.rf.fhirpath.Operator;

/**
 * FHIRPath evaluated over JSON, one function for each rule, as far as the random views go.
 *
 * @param index what {@code $index} is
 * @param rowIndex what {@code %rowIndex} is
 */
record PathEvaluator(Node resource, Node focus, int index, int rowIndex) {

    private PathEvaluator at(Node item, int position) {
        return new PathEvaluator(resource, item, position, rowIndex);
    }

    List<Node> evaluate(Expression expression) {
        return switch (expression) {
            case Expression.Focus _, Expression.This _ -> List.of(focus);
            case Expression.Index _ -> number(index);
            case Expression.Empty _ -> List.of();
            case Literal literal -> literal(literal);
            case External external -> external.name().equals("rowIndex") ? number(rowIndex) : List.of(resource);
            case Member member ->
                evaluate(member.target()).stream()
                        .flatMap(node -> node.children(member.name()).stream())
                        .toList();
            case Indexer indexer -> {
                Node position = Node.single(evaluate(indexer.index()));
                yield position == null
                        ? List.of()
                        : item(evaluate(indexer.target()), position.json().intValue());
            }
            case Call call -> call(evaluate(call.target()), call);
            case Binary binary -> binary(binary);
            case Expression.Total _, Expression.Sign _, Expression.TypeTest _, Expression.QuantityLiteral _ ->
                throw new IllegalArgumentException("not generated: " + expression);
        };
    }

    private static List<Node> literal(Literal literal) {
        return switch (literal.kind()) {
            case BOOLEAN -> Node.truth(literal.text().equals("true"));
            case INTEGER -> number(Integer.parseInt(literal.text()));
            case STRING, DATE, DATE_TIME -> text(literal.text());
            case DECIMAL, TIME -> throw new IllegalArgumentException("not generated: " + literal);
        };
    }

    private static List<Node> number(int value) {
        return List.of(Node.of(IntNode.valueOf(value)));
    }

    private static List<Node> text(String value) {
        return List.of(Node.of(TextNode.valueOf(value)));
    }

    private static List<Node> item(List<Node> items, int position) {
        return position >= 0 && position < items.size() ? List.of(items.get(position)) : List.of();
    }

    // ------------------------------------------------------------------ functions

    private List<Node> call(List<Node> input, Call call) {
        return switch (call.name()) {
            case "where" -> where(input, argument(call, 0));
            case "select" ->
                each(input, argument(call, 0)).stream().flatMap(List::stream).toList();
            case "exists" ->
                Node.truth(!(call.arguments().isEmpty() ? input : where(input, argument(call, 0))).isEmpty());
            case "all" -> Node.truth(each(input, argument(call, 0)).stream().allMatch(PathEvaluator::holds));
            case "empty" -> Node.truth(input.isEmpty());
            case "not" -> truth(input).map(b -> Node.truth(!b)).orElse(List.of());
            case "count" -> number(input.size());
            case "first" -> item(input, 0);
            case "last" -> item(input, input.size() - 1);
            case "tail" -> input.stream().skip(1).toList();
            case "skip" -> input.stream().skip(Math.max(0, integer(call))).toList();
            case "take" -> input.stream().limit(Math.max(0, integer(call))).toList();
            case "distinct" -> distinct(input);
            case "combine" -> concat(input, evaluate(argument(call, 0)));
            case "iif" ->
                holds(evaluate(argument(call, 0))) ? evaluate(argument(call, 1)) : evaluate(argument(call, 2));
            case "join" -> join(input, call);
            case "ofType" -> ofType(input, ((Member) argument(call, 0)).name());
            case "upper" -> mapped(input, s -> s.toUpperCase(Locale.ROOT));
            case "startsWith" -> startsWith(input, evaluate(argument(call, 0)));
            case "length" -> {
                Node node = Node.single(input);
                yield node == null ? List.of() : number(node.json().asText().length());
            }
            case "getResourceKey" -> resource.children("id");
            case "getReferenceKey" -> referenceKey(input, call);
            case "extension" ->
                input.stream()
                        .flatMap(node -> node.children("extension").stream())
                        .filter(extension ->
                                extension.json().path("url").asText().equals(((Literal) argument(call, 0)).text()))
                        .toList();
            case "lowBoundary" -> boundary(input, call, false);
            case "highBoundary" -> boundary(input, call, true);
            case "toInteger", "toDecimal", "toBoolean" ->
                converted(input, call.name().substring("to".length()));
            case "convertsToInteger", "convertsToDecimal", "convertsToBoolean" ->
                input.isEmpty()
                        ? List.of()
                        : Node.truth(!converted(input, call.name().substring("convertsTo".length()))
                                .isEmpty());
            default -> throw new IllegalArgumentException("not generated: " + call.name());
        };
    }

    /** A relative literal reference's id; nothing for one of another type. */
    private static List<Node> referenceKey(List<Node> input, Call call) {
        Node node = Node.single(input);
        if (node == null) {
            return List.of();
        }
        String[] parts = node.json().path("reference").asText().split("/", -1);
        boolean relative = parts.length == 2 || (parts.length == 4 && parts[2].equals("_history"));
        boolean wanted = call.arguments().isEmpty()
                || ((Member) call.arguments().getFirst()).name().equals(parts[0]);
        return relative && wanted ? text(parts[1]) : List.of();
    }

    private List<Node> boundary(List<Node> input, Call call, boolean high) {
        Node node = Node.single(input);
        if (node == null) {
            return List.of();
        }
        Optional<Integer> precision = call.arguments().isEmpty() ? Optional.empty() : Optional.of(integer(call));
        if (node.json().isNumber()) {
            return List.of(new Node(
                    DecimalNode.valueOf(Boundaries.ofDecimal(node.json().decimalValue(), high, precision)), "decimal"));
        }
        String written = node.json().asText();
        return (node.type().equals("datetime")
                        ? Boundaries.ofDateTime(written, high, precision.orElse(17))
                        : Boundaries.ofDate(written, high, precision.orElse(8)))
                .map(text -> List.of(new Node(TextNode.valueOf(text), node.type())))
                .orElse(List.of());
    }

    private static List<Node> converted(List<Node> input, String type) {
        Node node = Node.single(input);
        if (node == null) {
            return List.of();
        }
        String text = node.json().asText();
        return switch (type) {
            case "Integer" -> text.matches("[+-]?[0-9]+") ? number(Integer.parseInt(text)) : List.of();
            case "Decimal" ->
                text.matches("[+-]?[0-9]+(\\.[0-9]+)?")
                        ? List.of(new Node(DecimalNode.valueOf(new BigDecimal(text)), "decimal"))
                        : List.of();
            default ->
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "t", "yes", "y", "1", "1.0" -> Node.truth(true);
                    case "false", "f", "no", "n", "0", "0.0" -> Node.truth(false);
                    default -> List.of();
                };
        };
    }

    private static Expression argument(Call call, int index) {
        return call.arguments().get(index);
    }

    private int integer(Call call) {
        return java.util.Objects.requireNonNull(Node.single(evaluate(argument(call, 0))))
                .json()
                .intValue();
    }

    /** What an expression gives for each item in turn. */
    private List<List<Node>> each(List<Node> input, Expression expression) {
        IntFunction<List<Node>> one = i -> at(input.get(i), i).evaluate(expression);
        List<List<Node>> results = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            results.add(one.apply(i));
        }
        return results;
    }

    private List<Node> where(List<Node> input, Expression criteria) {
        List<List<Node>> results = each(input, criteria);
        List<Node> found = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            if (holds(results.get(i))) {
                found.add(input.get(i));
            }
        }
        return found;
    }

    private static List<Node> distinct(List<Node> items) {
        Map<String, Node> first = new LinkedHashMap<>();
        items.forEach(item -> first.putIfAbsent(item.key(), item));
        return List.copyOf(first.values());
    }

    private static List<Node> concat(List<Node> left, List<Node> right) {
        List<Node> all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }

    private List<Node> join(List<Node> input, Call call) {
        String separator = call.arguments().isEmpty() ? "" : ((Literal) argument(call, 0)).text();
        return input.isEmpty()
                ? List.of()
                : text(input.stream().map(n -> n.json().asText()).collect(Collectors.joining(separator)));
    }

    private static List<Node> ofType(List<Node> input, String type) {
        return input.stream()
                .filter(node -> node.type().equals(type.toLowerCase(Locale.ROOT)))
                .toList();
    }

    private static List<Node> mapped(List<Node> input, java.util.function.UnaryOperator<String> function) {
        Node node = Node.single(input);
        return node == null ? List.of() : text(function.apply(node.json().asText()));
    }

    private static List<Node> startsWith(List<Node> input, List<Node> prefix) {
        Node node = Node.single(input);
        Node start = Node.single(prefix);
        return node == null || start == null
                ? List.of()
                : Node.truth(node.json().asText().startsWith(start.json().asText()));
    }

    // ------------------------------------------------------------------ operators

    private static boolean holds(List<Node> items) {
        return truth(items).orElse(false);
    }

    /** The items as a truth: a single one that is no boolean counts as true. */
    static Optional<Boolean> truth(List<Node> items) {
        Node node = Node.single(items);
        return node == null ? Optional.empty() : Optional.of(!node.json().isBoolean() || node.isTrue());
    }

    private List<Node> binary(Binary binary) {
        Supplier<List<Node>> left = () -> evaluate(binary.left());
        Supplier<List<Node>> right = () -> evaluate(binary.right());
        return switch (binary.operator()) {
            case AND -> known(and(truth(left.get()), truth(right.get())));
            case OR ->
                known(and(truth(left.get()).map(b -> !b), truth(right.get()).map(b -> !b))
                        .map(b -> !b));
            case EQUAL -> known(equal(left.get(), right.get()));
            case NOT_EQUAL -> known(equal(left.get(), right.get()).map(b -> !b));
            case UNION -> distinct(concat(left.get(), right.get()));
            case IN -> {
                Node item = Node.single(left.get());
                List<Node> list = right.get();
                yield item == null
                        ? List.of()
                        : Node.truth(list.stream().anyMatch(n -> n.key().equals(item.key())));
            }
            case CONCATENATE -> text(blank(left.get()) + blank(right.get()));
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                ordered(binary.operator(), Node.single(left.get()), Node.single(right.get()));
            case ADD -> {
                Node a = Node.single(left.get());
                Node b = Node.single(right.get());
                yield a == null || b == null
                        ? List.of()
                        : number(a.json().intValue() + b.json().intValue());
            }
            default -> throw new IllegalArgumentException("not generated: " + binary.operator());
        };
    }

    private static String blank(List<Node> items) {
        Node node = Node.single(items);
        return node == null ? "" : node.json().asText();
    }

    private static List<Node> known(Optional<Boolean> truth) {
        return truth.map(Node::truth).orElse(List.of());
    }

    private static Optional<Boolean> and(Optional<Boolean> a, Optional<Boolean> b) {
        if (a.equals(Optional.of(false)) || b.equals(Optional.of(false))) {
            return Optional.of(false);
        }
        return a.isEmpty() || b.isEmpty() ? Optional.empty() : Optional.of(true);
    }

    private static Optional<Boolean> equal(List<Node> left, List<Node> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(left.stream()
                .map(Node::key)
                .toList()
                .equals(right.stream().map(Node::key).toList()));
    }

    /** Numbers by value; texts by code point; dates as far as both are written. */
    private static List<Node> ordered(Operator operator, @Nullable Node left, @Nullable Node right) {
        if (left == null || right == null) {
            return List.of();
        }
        int order;
        if (left.json().isNumber()) {
            order = left.json().decimalValue().compareTo(right.json().decimalValue());
        } else {
            String a = left.json().asText();
            String b = right.json().asText();
            if (Moments.is(a) && Moments.is(b)) {
                OptionalInt found = Moments.compare(a, b);
                if (found.isEmpty()) {
                    return List.of();
                }
                order = found.getAsInt();
            } else {
                order = a.compareTo(b);
            }
        }
        return Node.truth(
                switch (operator) {
                    case LESS -> order < 0;
                    case LESS_OR_EQUAL -> order <= 0;
                    case GREATER -> order > 0;
                    default -> order >= 0;
                });
    }
}
