package org.researchflow.rf.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.researchflow.rf.fhir.ElementTable;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.fhirpath.FhirPathParser;
import org.researchflow.rf.fhirpath.FhirPathSyntaxException;
import org.researchflow.rf.plan.Items.Descendants;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.PathCompiler.Scope;
import org.researchflow.rf.plan.Rows.Output;
import org.researchflow.rf.plan.Rows.Product;
import org.researchflow.rf.plan.Rows.Project;
import org.researchflow.rf.plan.Rows.Union;
import org.researchflow.rf.plan.Rows.Unnest;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.view.ColumnDefinition;
import org.researchflow.rf.view.Constant;
import org.researchflow.rf.view.Draft;
import org.researchflow.rf.view.PathText;
import org.researchflow.rf.view.Place;
import org.researchflow.rf.view.Problem;
import org.researchflow.rf.view.Selection;
import org.researchflow.rf.view.Selection.ForEach;
import org.researchflow.rf.view.Selection.ForEachOrNull;
import org.researchflow.rf.view.Selection.Once;
import org.researchflow.rf.view.Selection.Repeat;
import org.researchflow.rf.view.ViewDefinition;

/**
 * A ViewDefinition and the element types of its FHIR version into a {@link ViewPlan}. Follows the processing algorithm
 * of the specification; everything that is wrong with the view's expressions is found in one run.
 *
 * @see <a href="https://sql-on-fhir.org/ig/StructureDefinition-ViewDefinition-notes.html">processing algorithm</a>
 */
public final class ViewCompiler {

    private final ViewDefinition view;
    private final ElementTable table;
    private final Names names = new Names();
    private final Map<String, Constant> constants = new HashMap<>();
    private final boolean isWhole;
    private final List<Problem> problems;
    private final Var root;
    private final PathCompiler paths;

    private ViewCompiler(Draft draft, ElementTable table) {
        this.view = draft.view();
        this.table = table;
        this.isWhole = draft.problems().isEmpty();
        this.problems = new ArrayList<>(draft.problems());
        view.constants().forEach(constant -> constants.put(constant.name(), constant));
        root = names.fresh("r", new Type(view.resource(), Kind.COMPLEX), Optional.of(view.resource()));
        paths = new PathCompiler(table, root, constants, names);
    }

    /**
     * Compiles a view.
     *
     * @throws org.researchflow.rf.Failure naming every problem of the view's expressions with its place
     */
    public static ViewPlan compile(ViewDefinition view, ElementTable table) {
        return new ViewCompiler(new Draft(view, List.of()), table).plan();
    }

    /**
     * Compiles a view for the version of FHIR that it names, R4 if it names none.
     *
     * @throws org.researchflow.rf.Failure if it names only unknown ones, or for any problem of its expressions
     */
    public static ViewPlan compile(ViewDefinition view) {
        return compile(view, ElementTable.of(version(view)));
    }

    /**
     * Compiles a view for the version of FHIR that it names as far as it could be read.
     *
     * @throws org.researchflow.rf.Failure naming every problem of its form and of its expressions with its place
     */
    public static ViewPlan compile(Draft draft) {
        return new ViewCompiler(draft, ElementTable.of(version(draft.view()))).plan();
    }

    /** The version of FHIR that a view is meant for; where it names several, the one that most servers have. */
    public static FhirVersion version(ViewDefinition view) {
        List<FhirVersion> known = view.fhirVersions().stream()
                .flatMap(name -> version(name).stream())
                .sorted()
                .toList();
        if (known.isEmpty() && !view.fhirVersions().isEmpty()) {
            int offset = Math.max(0, view.json().indexOf("\"fhirVersion\""));
            throw Problem.failure(List.of(Problem.at(
                    view.source().place(offset),
                    "no known version of FHIR in " + view.fhirVersions(),
                    "expected 4.0.1, 4.3.0 or 5.0.0")));
        }
        return known.isEmpty() ? FhirVersion.R4 : known.getFirst();
    }

    private static Optional<FhirVersion> version(String name) {
        String version = name + ".";
        return version.startsWith("4.0.")
                ? Optional.of(FhirVersion.R4)
                : version.startsWith("4.3.")
                        ? Optional.of(FhirVersion.R4B)
                        : version.startsWith("5.0.") ? Optional.of(FhirVersion.R5) : Optional.empty();
    }

    private ViewPlan plan() {
        if (!table.isResource(view.resource())) {
            Optional<String> near = Suggestion.nearest(view.resource(), table.resourceTypes());
            Place place = view.resourceType().place(0);
            if (!view.resource().isEmpty()) {
                problems.add(new Problem(
                        place,
                        "no resource type \"" + view.resource() + "\"",
                        "expected a type such as Patient",
                        near));
            }
            throw Problem.failure(problems);
        }
        Scope scope = new Scope(new Item(root), Optional.empty());
        List<Value> where = new ArrayList<>();
        for (PathText path : view.where()) {
            condition(path, scope).ifPresent(where::add);
        }
        Rows rows = product(
                view.selects().stream().map(select -> rows(select, scope)).toList());
        checkNames();
        if (!problems.isEmpty()) {
            throw Problem.failure(problems);
        }
        return new ViewPlan(
                view.name(),
                view.resource(),
                view.description(),
                root,
                where,
                rows,
                paths.readsId(),
                paths.readsMeta(),
                false);
    }

    private Optional<Value> condition(PathText path, Scope scope) {
        return parsed(path).flatMap(expression -> guarded(path, () -> paths.test(expression, scope)));
    }

    private Rows rows(Selection select, Scope scope) {
        return switch (select.iteration()) {
            case Once() -> body(select, scope);
            case ForEach(PathText path) -> unnest(select, foci(path, scope), false);
            case ForEachOrNull(PathText path) -> unnest(select, foci(path, scope), true);
            case Repeat(List<PathText> texts) -> unnest(select, descendants(texts, scope), false);
        };
    }

    /** One row of the columns, combined with the rows of each nested select and of the union. */
    private Rows body(Selection select, Scope scope) {
        List<Rows> parts = new ArrayList<>();
        if (!select.columns().isEmpty()) {
            parts.add(new Project(select.columns().stream()
                    .flatMap(column -> output(column, scope).stream())
                    .toList()));
        }
        select.selects().forEach(nested -> parts.add(rows(nested, scope)));
        if (!select.unionAll().isEmpty()) {
            parts.add(union(select.unionAll(), scope));
        }
        return product(parts);
    }

    private static Rows product(List<Rows> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Product(parts);
    }

    private Rows union(List<Selection> selections, Scope scope) {
        int before = problems.size();
        List<Rows> branches = Branches.aligned(
                selections.stream().map(branch -> rows(branch, scope)).toList());
        // A column that does not compile, or could not be read, is not missing from its branch.
        boolean whole = isWhole && problems.size() == before;
        for (int i = 1; whole && i < branches.size(); i++) {
            checkSameColumns(
                    branches.getFirst(), branches.get(i), selections.get(i).place());
        }
        return new Union(branches);
    }

    private void checkSameColumns(Rows first, Rows other, Place place) {
        List<String> wanted = first.columns().stream().map(Column::name).toList();
        List<String> found = other.columns().stream().map(Column::name).toList();
        if (!wanted.equals(found)) {
            problems.add(Problem.at(
                    place,
                    "the branches of unionAll have different columns",
                    "expected " + wanted + " as in the first branch, found " + found));
            return;
        }
        for (int i = 0; i < wanted.size(); i++) {
            Column a = first.columns().get(i);
            Column b = other.columns().get(i);
            if (!a.sqlType().equals(b.sqlType())) {
                problems.add(Problem.at(
                        place,
                        "column \"" + a.name() + "\" has different types in the branches of unionAll",
                        "expected " + a.sqlType() + " as in the first branch, found " + b.sqlType()));
            }
        }
    }

    private Rows unnest(Selection select, Items foci, boolean orNull) {
        String name = foci instanceof Descendants ? "node" : lastStep(foci);
        Var focus = names.fresh(name, foci.type(), Collections.path(foci));
        boolean never = foci.equals(Collections.none());
        Value self = never ? new Absent(Type.ANY) : new Item(focus);
        Rows body = body(select, new Scope(self, Optional.of(focus)));
        return new Unnest(focus, foci, orNull, paths.counts(focus), body);
    }

    private static String lastStep(Items foci) {
        return Collections.path(foci)
                .map(path -> path.substring(path.lastIndexOf('.') + 1))
                .orElse("focus");
    }

    private Items foci(PathText path, Scope scope) {
        return parsed(path)
                .flatMap(expression -> guarded(path, () -> paths.compile(expression, scope)))
                .flatMap(items -> single(items, path))
                .orElse(Collections.none());
    }

    private Optional<Items> single(Items items, PathText path) {
        if (items instanceof One(Either either) && either.type().equals(Type.ANY)) {
            problems.add(Problem.at(path.place(0), "forEach over a choice of types", "choose one with ofType(…)"));
            return Optional.empty();
        }
        return Optional.of(items);
    }

    /**
     * A path need not mean something on every node that is visited ({@code answer.item} does not on the
     * QuestionnaireResponse itself), but it must on one.
     */
    private Items descendants(List<PathText> texts, Scope scope) {
        Map<PathText, Rejection> rejected = new HashMap<>();
        Map<PathText, Expression> expressions = new LinkedHashMap<>();
        texts.forEach(text -> parsed(text).ifPresent(e -> expressions.put(text, e)));
        List<Items> first = steps(expressions, scope, rejected);
        List<Type> types = first.stream().map(Items::type).distinct().toList();
        if (types.isEmpty()) {
            rejected.entrySet().stream()
                    .filter(entry -> !isElementElsewhere(entry.getValue()))
                    .forEach(entry -> report(entry.getKey(), entry.getValue()));
            return Collections.none();
        }
        Var node = names.fresh("node", types.getFirst(), Optional.empty());
        Scope below = new Scope(new Item(node), scope.row());
        Map<PathText, Rejection> rejectedBelow = new HashMap<>();
        List<Items> next = steps(expressions, below, rejectedBelow);
        rejectedBelow.forEach((text, onNode) ->
                Optional.ofNullable(rejected.get(text)).ifPresent(atStart -> report(text, furthest(atStart, onNode))));
        boolean several = types.size() > 1
                || next.stream().anyMatch(items -> !items.type().equals(node.type()));
        if (several) {
            problems.add(Problem.at(
                    texts.getFirst().place(0), "repeat over nodes of several types", "expected paths to one type"));
        }
        return new Descendants(first, node, next);
    }

    /** A path of {@code repeat} to an element that only other types have leads nowhere, which is no mistake. */
    private boolean isElementElsewhere(Rejection e) {
        return e.element().stream()
                .anyMatch(name -> table.typeNames().stream()
                        .anyMatch(type -> table.element(type, name).isPresent()));
    }

    private List<Items> steps(Map<PathText, Expression> expressions, Scope scope, Map<PathText, Rejection> rejected) {
        List<Items> steps = new ArrayList<>();
        expressions.forEach((text, expression) -> {
            try {
                Items items = paths.compile(expression, scope);
                if (!items.equals(Collections.none())) {
                    steps.add(items);
                }
            } catch (Rejection e) {
                rejected.put(text, e);
            }
        });
        return steps;
    }

    private static Rejection furthest(Rejection a, Rejection b) {
        return a.span().start() > b.span().start() ? a : b;
    }

    private void report(PathText path, Rejection e) {
        problems.add(new Problem(path.place(e.span().start()), e.what(), e.remark(), e.suggestion()));
    }

    private Optional<Output> output(ColumnDefinition column, Scope scope) {
        return parsed(column.path())
                .flatMap(expression -> guarded(column.path(), () -> paths.compile(expression, scope)))
                .flatMap(items -> output(column, items));
    }

    private Optional<Output> output(ColumnDefinition column, Items items) {
        paths.noteWhole(items);
        boolean nothing = items instanceof One(Absent _);
        if (items.type().equals(Type.ANY)
                && !nothing
                && isChoice(items)
                && column.type().isEmpty()) {
            problems.add(Problem.at(
                    column.path().place(0),
                    "column \"" + column.name() + "\" is a choice of types",
                    "choose one with ofType(…)"));
            return Optional.empty();
        }
        Optional<Type> declared = column.type().flatMap(name -> declared(column, name));
        if (column.type().isPresent() && declared.isEmpty()) {
            return Optional.empty();
        }
        Type type = declared.orElse(nothing ? Type.STRING : items.type());
        if (!nothing && declared.isPresent() && !storable(items.type(), type)) {
            problems.add(Problem.at(
                    column.path().place(0),
                    "column \"" + column.name() + "\" is declared " + type.name(),
                    "this is " + Operators.described(items.type())));
            return Optional.empty();
        }
        String sqlType = ColumnTypes.of(type);
        for (ColumnDefinition.Tag tag : column.tags()) {
            if (tag.name().equals("ansi/type")) {
                Optional<String> ansi = ColumnTypes.ofAnsi(tag.value());
                if (ansi.isEmpty()) {
                    problems.add(Problem.at(
                            tag.place(), "no SQL type \"" + tag.value() + "\"", "expected a type such as DATE"));
                    return Optional.empty();
                }
                sqlType = ansi.get();
            }
        }
        return Optional.of(new Output(
                new Column(
                        column.name(),
                        type.name(),
                        column.collection(),
                        column.collection() ? sqlType + "[]" : sqlType,
                        column.description(),
                        Collections.path(items).map(this::fromResource)),
                items));
    }

    private String fromResource(String path) {
        return path.equals("getResourceKey()") ? view.resource() + "." + path : path;
    }

    private static boolean isChoice(Items items) {
        return switch (items) {
            case One(Value value) -> value instanceof Either;
            case Items.Each(Items _, Var _, Items each) -> isChoice(each);
            case Items.Concat _ -> true;
            default -> false;
        };
    }

    private Optional<Type> declared(ColumnDefinition column, String name) {
        String plain = name.substring(name.lastIndexOf('/') + 1);
        if (!table.isType(plain)) {
            problems.add(new Problem(
                    column.place(),
                    "column \"" + column.name() + "\" is declared of an unknown type \"" + name + "\"",
                    "expected a FHIR type",
                    Suggestion.nearest(plain, table.typeNames())));
            return Optional.empty();
        }
        return Optional.of(Type.of(plain, table));
    }

    /** Whether values of one type can stand in a column declared of another. */
    private static boolean storable(Type actual, Type declared) {
        Kind to = declared.kind();
        Kind from = actual.kind();
        boolean text = to == Kind.STRING || to == Kind.DATE || to == Kind.DATE_TIME || to == Kind.TIME;
        boolean complex = from == Kind.COMPLEX || from == Kind.QUANTITY;
        return actual.equals(Type.ANY)
                || from == to
                || (from.isNumber() && to.isNumber())
                || (text && !complex)
                || (complex && (to == Kind.COMPLEX || to == Kind.QUANTITY));
    }

    private void checkNames() {
        Map<String, Place> seen = new LinkedHashMap<>();
        view.selects().forEach(select -> checkNames(select, seen));
    }

    /** Branches of a union have the same names on purpose: the first stands for all. */
    private void checkNames(Selection select, Map<String, Place> seen) {
        for (ColumnDefinition column : select.columns()) {
            Place before = seen.putIfAbsent(column.name(), column.place());
            if (before != null) {
                problems.add(Problem.at(
                        column.place(),
                        "column \"" + column.name() + "\" twice",
                        "already defined in line " + before.line()));
            }
        }
        select.selects().forEach(nested -> checkNames(nested, seen));
        select.unionAll().stream().limit(1).forEach(branch -> checkNames(branch, seen));
    }

    private Optional<Expression> parsed(PathText path) {
        try {
            return Optional.of(FhirPathParser.parse(path.text()));
        } catch (FhirPathSyntaxException e) {
            problems.add(Problem.at(path.place(e.position()), "invalid FHIRPath", e.problem()));
            return Optional.empty();
        }
    }

    private <T> Optional<T> guarded(PathText path, Supplier<T> compilation) {
        try {
            return Optional.of(compilation.get());
        } catch (Rejection e) {
            report(path, e);
            return Optional.empty();
        }
    }
}
