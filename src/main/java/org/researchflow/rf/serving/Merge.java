package org.researchflow.rf.serving;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Reading;
import org.researchflow.rf.sql.Sql;
import org.researchflow.rf.sql.ViewSql;

/**
 * Changes and the rows that views make of them. Merging is a mask, not a union: every stored row of a changed resource
 * leaves, by its key, and the rows of its new version come, if it has any. There is one change relation a resource type:
 * ids are unique per type only.
 *
 * @param reading how views read resources
 * @param plans of the views that changes are merged into
 * @param stores the tables of stored rows, by the names of those views that have any
 * @param changes by resource type
 * @param leftOut by view, the numbers of the changes on which its SQL fails
 */
record Merge(
        Reading reading,
        List<ViewPlan> plans,
        Map<String, String> stores,
        SortedMap<String, ChangeSet> changes,
        Map<String, List<Long>> leftOut) {

    Merge {
        plans = List.copyOf(plans);
        stores = Map.copyOf(stores);
        changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
        leftOut = Map.copyOf(leftOut);
    }

    static Merge of(Reading reading, List<KnownView> views, Map<String, ? extends ChangeSet> changes) {
        return new Merge(
                reading,
                views.stream()
                        .map(KnownView::plan)
                        .filter(plan -> changes.containsKey(plan.resourceType()))
                        .toList(),
                views.stream()
                        .filter(view -> view.stored().isPresent())
                        .collect(Collectors.toMap(
                                KnownView::name, view -> view.stored().get().store(), (first, _) -> first)),
                new TreeMap<>(changes),
                Map.of());
    }

    /** The rows of a stored view with its changes. */
    Rows rows(KnownView view, String table) {
        return isChanged(view)
                ? new Rows.Merged(
                        table,
                        mask(view.plan()),
                        freshRows(view.plan()),
                        of(view.plan()) instanceof ChangeSet.OfResources)
                : new Rows.Stored(table);
    }

    /** The rows that come. */
    Rows fresh(KnownView view) {
        return new Rows.Fresh(freshRows(view.plan()));
    }

    boolean isChanged(KnownView view) {
        return changes.containsKey(view.plan().resourceType());
    }

    int size() {
        return changes.values().stream().mapToInt(ChangeSet::size).sum();
    }

    ChangeSet of(ViewPlan plan) {
        ChangeSet found = changes.get(plan.resourceType());
        if (found == null) {
            throw new IllegalArgumentException("no change of a " + plan.resourceType());
        }
        return found;
    }

    /** The same without the rows of some changed resources, which are still masked. */
    Merge leavingOut(Map<String, List<Long>> more) {
        Map<String, List<Long>> all = new HashMap<>(leftOut);
        more.forEach((view, numbers) -> all.merge(view, numbers, (before, now) -> {
            List<Long> both = new ArrayList<>(before);
            both.addAll(now);
            return both;
        }));
        return new Merge(reading, plans, stores, changes, all);
    }

    /** The change relations, what they mask of each view, and its new rows, each computed once. */
    List<Cte> prelude() {
        List<Cte> all = new ArrayList<>();
        changes.forEach((type, changed) -> all.add(new Cte(
                changeRelation(type),
                // Keys alone, of which only the mask of a view is made, need not be copied.
                changed instanceof ChangeSet.Made ? Cte.AS_PLANNED : Cte.ONCE,
                changed.query())));
        for (ViewPlan plan : plans) {
            Optional.ofNullable(stores.get(plan.name()))
                    .ifPresent(store -> all.add(new Cte(mask(plan), Cte.ONCE, masked(plan, store))));
            all.add(new Cte(
                    freshRows(plan),
                    Cte.ONCE,
                    switch (of(plan)) {
                        case ChangeSet.Made made -> made.rows(plan);
                        case ChangeSet.OfResources changed ->
                            ViewSql.rows(
                                    reading.of(plan),
                                    changed.live(changeRelation(plan.resourceType()), plan, which(plan)));
                    }));
        }
        return all;
    }

    private String which(ViewPlan plan) {
        return Optional.ofNullable(leftOut.get(plan.name()))
                .map(numbers ->
                        "n not in (" + numbers.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")")
                .orElse("n > 0");
    }

    static String changeRelation(String type) {
        return Identifiers.identifier("rf_change_" + type.toLowerCase(Locale.ROOT));
    }

    // Most of what changed is new. The few keys that have stored rows are looked for in them several times.
    private static Sql masked(ViewPlan plan, String store) {
        return Sql.of("select c.key\nfrom " + changeRelation(plan.resourceType()) + " as c\nwhere exists (select from "
                + store + " as b where b.rf_key = c.key)");
    }

    private String mask(ViewPlan plan) {
        return "rf_mask_" + number(plan);
    }

    private String freshRows(ViewPlan plan) {
        return "rf_new_" + number(plan);
    }

    // Longer names than PostgreSQL has would become the same.
    private int number(ViewPlan plan) {
        return plans.stream().map(ViewPlan::name).toList().indexOf(plan.name()) + 1;
    }
}
