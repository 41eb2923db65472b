package org.researchflow.rf.sql;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.plan.Items;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Rows;
import org.researchflow.rf.plan.Rows.Output;
import org.researchflow.rf.plan.Rows.Product;
import org.researchflow.rf.plan.Rows.Project;
import org.researchflow.rf.plan.Rows.Union;
import org.researchflow.rf.plan.Rows.Unnest;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Var;
import org.researchflow.rf.plan.ViewPlan;

/** A plan over a resource relation as one SQL query: the meaning of a view, for every layer. */
public final class ViewSql {

    /** Changes whenever the same definition may give other rows or columns than before: materializations are rebuilt. */
    public static final int VERSION = 1;

    private final ViewPlan plan;
    private final ResourceRelation resources;
    private final ItemsSql items;
    private final ColumnSql columns;

    private ViewSql(ViewPlan plan, ResourceRelation resources) {
        this.plan = plan;
        this.resources = resources;
        this.items = new ItemsSql(plan.root(), resources.serverBase());
        this.columns = new ColumnSql(plan.name(), items);
    }

    /** The view's rows: its columns in order, nothing else. */
    public static Sql rows(ViewPlan plan, ResourceRelation resources) {
        return Sql.of(new ViewSql(plan, resources).query(List.of()));
    }

    /** The view's rows, each led by the key and version of its resource as {@code rf_key} and {@code rf_version}. */
    public static Sql keyed(ViewPlan plan, ResourceRelation resources) {
        String root = identifier(plan.root().name());
        return Sql.of(
                new ViewSql(plan, resources).query(List.of(root + ".key as rf_key", root + ".version as rf_version")));
    }

    /** A query being put together: what it selects from, under which conditions, and what it gives. */
    private static final class Query {
        final List<String> columns = new ArrayList<>();
        final List<String> from = new ArrayList<>();
        final List<String> where = new ArrayList<>();

        String text() {
            return Layout.select(columns, from, where, List.of());
        }
    }

    private String query(List<String> leading) {
        Query query = new Query();
        query.columns.addAll(leading);
        query.from.add(Layout.nested(resources.query()) + " as "
                + identifier(plan.root().name()));
        for (Value condition : plan.where()) {
            query.where.add(ItemsSql.atom(items.sql(condition, Form.BOOLEAN)));
        }
        add(plan.rows(), query, Optional.empty());
        return query.text();
    }

    /**
     * Adds what the rows need to the query.
     *
     * @param absent what is true in a row that stands for no focus at all, of a focus and those around it
     */
    private void add(Rows rows, Query query, Optional<Missing> absent) {
        switch (rows) {
            case Project(List<Output> outputs) -> outputs.forEach(output -> query.columns.add(column(output, absent)));
            case Product(List<Rows> factors) -> factors.forEach(factor -> add(factor, query, absent));
            case Union(List<Rows> branches) -> addUnion(branches, query);
            case Unnest unnest
            when !unnest.orNull() -> {
                join(unnest, query);
                add(unnest.body(), query, absent);
            }
            case Unnest unnest
            when isFlat(unnest.body()) -> {
                String present = leftJoin(unnest.focus(), unnest.foci(), query);
                add(unnest.body(), query, Optional.of(new Missing(unnest.focus(), present)));
            }
            case Unnest unnest -> addOrNull(unnest, query);
        }
    }

    /** A focus that may be missing, and the condition that it is there. */
    private record Missing(Var focus, String present) {}

    private String column(Output output, Optional<Missing> missing) {
        String sql = columns.sql(output);
        boolean guarded =
                missing.isPresent() && !ColumnSql.isStrict(output, missing.get().focus());
        if (guarded) {
            String otherwise = columns.missing(output);
            sql = "case when " + missing.get().present() + " then " + sql
                    + (otherwise.startsWith("null") ? "" : " else " + otherwise) + " end";
        }
        return sql + " as " + identifier(output.column().name());
    }

    /** Whether the rows are as many as the foci, so that an outer join gives the row of nulls by itself. */
    private static boolean isFlat(Rows rows) {
        return switch (rows) {
            case Project _ -> true;
            case Product(List<Rows> factors) -> factors.stream().allMatch(ViewSql::isFlat);
            case Union _ -> false;
            case Unnest unnest -> unnest.orNull() && isFlat(unnest.body());
        };
    }

    private void join(Unnest unnest, Query query) {
        Var focus = unnest.focus();
        Items foci = unnest.foci();
        Fragment fragment = items.fragment(foci, Optional.of(focus));
        if (unnest.counted() && !(foci instanceof Elements) && !(foci instanceof One)) {
            query.from.add(numbered(fragment, focus));
            bind(focus, unpacked(focus), Optional.of(alias(focus) + ".i - 1"));
            return;
        }
        query.from.addAll(fragment.from());
        query.where.addAll(fragment.where());
        Optional<String> position =
                fragment.order().size() == 1 ? Optional.of(fragment.order().getFirst() + " - 1") : Optional.empty();
        Form form = foci instanceof One ? Form.of(focus.type()) : Form.unpacked(focus.type());
        items.bind(focus, new Binding(fragment.value().apply(form), form, position));
    }

    /** Joins the foci so that a row is left when there is none; returns the condition that there is one. */
    private String leftJoin(Var focus, Items foci, Query query) {
        Fragment fragment = items.fragment(foci, Optional.of(focus));
        if (foci instanceof One) {
            Form form = Form.of(focus.type());
            items.bind(focus, new Binding(fragment.value().apply(form), form, Optional.empty()));
            return fragment.where().isEmpty() ? "true" : fragment.where().getFirst();
        }
        boolean plain = foci instanceof Elements;
        query.from.add(
                "left join lateral " + (plain ? fragment.from().getFirst() : numbered(fragment, focus)) + " on true");
        bind(focus, unpacked(focus), Optional.of(alias(focus) + ".i - 1"));
        return alias(focus) + ".i is not null";
    }

    private void bind(Var focus, Form form, Optional<String> position) {
        items.bind(focus, new Binding(alias(focus) + ".v", form, position));
    }

    private static Form unpacked(Var focus) {
        return Form.unpacked(focus.type());
    }

    private static String alias(Var focus) {
        return identifier(focus.name());
    }

    /** The foci with their positions, counted in their order. */
    private static String numbered(Fragment fragment, Var focus) {
        String order = fragment.order().isEmpty() ? "" : "order by " + String.join(", ", fragment.order());
        List<String> columns = List.of(fragment.value().apply(unpacked(focus)), "row_number() over (" + order + ")");
        return Layout.nested(Layout.select(columns, fragment.from(), fragment.where(), List.of())) + " as "
                + alias(focus) + " (v, i)";
    }

    private void addUnion(List<Rows> branches, Query query) {
        List<String> selects = new ArrayList<>();
        for (Rows branch : branches) {
            Query select = new Query();
            add(branch, select, Optional.empty());
            selects.add(select.text());
        }
        addSubquery(String.join("\nunion all\n", selects), branches.getFirst(), query);
    }

    /** The body's rows for each focus, and the row of nulls when there is no focus. */
    private void addOrNull(Unnest unnest, Query query) {
        Query rows = new Query();
        join(unnest, rows);
        add(unnest.body(), rows, Optional.empty());
        Query nulls = new Query();
        addMissing(unnest.body(), nulls);
        Fragment foci = items.fragment(unnest.foci());
        nulls.where.add("not exists " + Layout.nested(Layout.select(List.of(), foci.from(), foci.where(), List.of())));
        addSubquery(rows.text() + "\nunion all\n" + nulls.text(), unnest.body(), query);
    }

    private void addMissing(Rows rows, Query query) {
        switch (rows) {
            case Project(List<Output> outputs) ->
                outputs.forEach(output -> query.columns.add(columns.missing(output) + " as "
                        + identifier(output.column().name())));
            case Product(List<Rows> factors) -> factors.forEach(factor -> addMissing(factor, query));
            case Union(List<Rows> branches) -> addMissing(branches.getFirst(), query);
            case Unnest unnest -> addMissing(unnest.body(), query);
        }
    }

    private void addSubquery(String text, Rows shape, Query query) {
        String alias = items.alias();
        query.from.add(Layout.nested(text) + " as " + alias);
        shape.columns().forEach(column -> query.columns.add(alias + "." + identifier(column.name())));
    }
}
