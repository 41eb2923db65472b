package org.researchflow.rf.sql;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.researchflow.rf.plan.Items;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Rows;
import org.researchflow.rf.plan.Rows.Output;
import org.researchflow.rf.plan.Rows.Product;
import org.researchflow.rf.plan.Rows.Project;
import org.researchflow.rf.plan.Rows.Union;
import org.researchflow.rf.plan.Rows.Unnest;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Value.RowIndex;
import org.researchflow.rf.plan.Var;
import org.researchflow.rf.plan.ViewPlan;

/** A plan over a resource relation as one SQL query: the meaning of a view, for every layer. */
public final class ViewSql {

    /** Changes whenever the same definition may give other rows or columns than before: materializations are rebuilt. */
    public static final int VERSION = 3;

    private static final String MISFIT = "rf_misfit_";

    private final ViewPlan plan;
    private final ResourceRelation resources;
    private final ValueSql values;
    private final ItemsSql items;
    private final ColumnSql columns;
    private final Map<String, String> misfits;

    /**
     * Writes one query.
     *
     * @param misfits the columns that say whether others hold what does not fit, by the names of those
     */
    private ViewSql(ViewPlan plan, ResourceRelation resources, Map<String, String> misfits) {
        this.plan = plan;
        this.resources = resources;
        this.values = new ValueSql(plan.root(), resources.scoped(), resources.serverBase());
        this.items = values.items();
        this.columns = new ColumnSql(plan.name(), values, plan.lenient());
        this.misfits = misfits;
    }

    /** The view's rows: its columns in order, nothing else. */
    public static Sql rows(ViewPlan plan, ResourceRelation resources) {
        return Sql.of(new ViewSql(plan, resources, Map.of()).query(List.of()));
    }

    /**
     * The view's rows, each led by the key and version of its resource as {@code rf_key} and {@code rf_version}. In a
     * lenient view each column whose values may not fit its type is followed by a {@linkplain #misfit hidden one}.
     */
    public static Sql keyed(ViewPlan plan, ResourceRelation resources) {
        String root = identifier(plan.root().name());
        return Sql.of(new ViewSql(plan, resources, misfits(plan))
                .query(List.of(root + ".key as rf_key", root + ".version as rf_version")));
    }

    /**
     * The hidden column of {@link #keyed} that is true in the rows in which the column at this position, counted from
     * 1, holds nothing because the value did not fit.
     */
    public static String misfit(int position) {
        return MISFIT + position;
    }

    /** The position of the column that a hidden one is about; empty when it is not one. */
    public static OptionalInt misfitPosition(String column) {
        String position = column.startsWith(MISFIT) ? column.substring(MISFIT.length()) : "";
        return position.matches("[1-9][0-9]{0,3}") ? OptionalInt.of(Integer.parseInt(position)) : OptionalInt.empty();
    }

    private static Map<String, String> misfits(ViewPlan plan) {
        if (!plan.lenient()) {
            return Map.of();
        }
        Map<String, String> names = new HashMap<>();
        Set<String> failing = Fit.mayFail(plan.rows());
        for (int i = 0; i < plan.columns().size(); i++) {
            String column = plan.columns().get(i).name();
            if (failing.contains(column)) {
                names.put(column, misfit(i + 1));
            }
        }
        return names;
    }

    /** A query being put together: what it selects from, under which conditions, and what it gives. */
    private static final class Query {
        final List<String> columns = new ArrayList<>();
        final List<String> from = new ArrayList<>();
        final List<Term> where = new ArrayList<>();

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
            query.where.add(values.sql(condition, Form.BOOLEAN));
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
            case Project(List<Output> outputs) ->
                outputs.forEach(output -> {
                    query.columns.add(column(output, absent));
                    misfit(output, absent).ifPresent(query.columns::add);
                });
            case Product(List<Rows> factors) -> factors.forEach(factor -> add(factor, query, absent));
            case Union(List<Rows> branches) -> addUnion(branches, query);
            case Unnest unnest
            when !unnest.orNull() -> {
                join(unnest, query);
                add(unnest.body(), query, absent);
            }
            case Unnest unnest
            when isFlat(unnest.body(), unnest.focus()) -> {
                Term present = leftJoin(unnest, query);
                add(unnest.body(), query, Optional.of(new Missing(unnest.focus(), present)));
            }
            case Unnest unnest -> addOrNull(unnest, query);
        }
    }

    /** A focus that may be missing, and the condition that it is there. */
    private record Missing(Var focus, Term present) {}

    private String column(Output output, Optional<Missing> missing) {
        Term sql = columns.sql(output);
        boolean guarded =
                missing.isPresent() && !ColumnSql.isStrict(output, missing.get().focus());
        if (guarded) {
            Term present = missing.get().present();
            sql = output.items() instanceof One(RowIndex _)
                    ? Term.when(present, sql, columns.missing(output))
                    : Term.when(present, sql);
        }
        return sql + " as " + identifier(output.column().name());
    }

    private Optional<String> misfit(Output output, Optional<Missing> missing) {
        return Optional.ofNullable(misfits.get(output.column().name()))
                .map(name -> missing.map(focus -> Term.when(focus.present(), columns.misfit(output)))
                                .orElseGet(() -> columns.misfit(output))
                        + " as " + name);
    }

    /** Whether the rows are as many as the foci, so that an outer join gives the row of nulls by itself. */
    private static boolean isFlat(Rows rows, Var outer) {
        return switch (rows) {
            case Project _ -> true;
            case Product(List<Rows> factors) -> factors.stream().allMatch(f -> isFlat(f, outer));
            case Union _ -> false;
            case Unnest unnest ->
                unnest.orNull() && ColumnSql.isStrict(unnest.foci(), outer) && isFlat(unnest.body(), unnest.focus());
        };
    }

    private void join(Unnest unnest, Query query) {
        Var focus = unnest.focus();
        Fragment found = items.fragment(unnest.foci(), Optional.of(focus));
        boolean count = unnest.counted() && found.position().isEmpty();
        Fragment fragment = count ? items.counted(found, focus.type(), Optional.of(focus)) : found;
        query.from.addAll(fragment.from());
        query.where.addAll(fragment.where());
        values.bind(focus, fragment.binding(count ? Form.unpacked(focus.type()) : form(focus, unnest.foci())));
    }

    private static Form form(Var focus, Items foci) {
        return foci instanceof One ? Form.of(focus.type()) : Form.unpacked(focus.type());
    }

    /** Joins the foci so that a row is left when there is none; returns the condition that there is one. */
    private Term leftJoin(Unnest unnest, Query query) {
        Var focus = unnest.focus();
        Items foci = unnest.foci();
        Fragment found = items.fragment(foci, Optional.of(focus));
        if (foci instanceof One && found.from().isEmpty()) {
            values.bind(focus, found.binding(form(focus, foci)));
            return found.where().isEmpty() ? Term.atom("true") : found.where().getFirst();
        }
        boolean plain = found.from().size() == 1
                && found.where().isEmpty()
                && found.position().isPresent();
        Fragment fragment = plain ? found : relation(found, unnest);
        query.from.add("left join lateral " + fragment.from().getFirst() + " on true");
        values.bind(focus, fragment.binding(form(focus, foci)));
        return Term.atom(identifier(focus.name()) + ".i").is("not null");
    }

    private Fragment relation(Fragment found, Unnest unnest) {
        Var focus = unnest.focus();
        return unnest.counted()
                ? items.counted(found, focus.type(), Optional.of(focus))
                : items.uncounted(found, focus.type(), focus);
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
        nulls.where.add(Term.atom("exists " + ItemsSql.subquery(List.of(), foci, List.of()))
                .not());
        addSubquery(rows.text() + "\nunion all\n" + nulls.text(), unnest.body(), query);
    }

    private void addMissing(Rows rows, Query query) {
        switch (rows) {
            case Project(List<Output> outputs) ->
                outputs.forEach(output -> {
                    String name = output.column().name();
                    query.columns.add(columns.missing(output) + " as " + identifier(name));
                    if (misfits.containsKey(name)) {
                        query.columns.add(Term.nothing("boolean") + " as " + misfits.get(name));
                    }
                });
            case Product(List<Rows> factors) -> factors.forEach(factor -> addMissing(factor, query));
            case Union(List<Rows> branches) -> addMissing(branches.getFirst(), query);
            case Unnest unnest -> addMissing(unnest.body(), query);
        }
    }

    private void addSubquery(String text, Rows shape, Query query) {
        String alias = items.alias();
        query.from.add(Layout.nested(text) + " as " + alias);
        shape.columns().forEach(column -> {
            query.columns.add(alias + "." + identifier(column.name()));
            if (misfits.containsKey(column.name())) {
                query.columns.add(alias + "." + misfits.get(column.name()));
            }
        });
    }
}
