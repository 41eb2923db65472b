package org.researchflow.rf.serving;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.speed.Change;
import org.researchflow.rf.speed.ChangedRows;
import org.researchflow.rf.sql.ResourceRelation;
import org.researchflow.rf.sql.Sql;

/**
 * What changed of one resource type, numbered from 1. A query makes it a change relation of {@code (n, key, ...)}; its
 * keys are those whose stored rows no longer hold.
 */
sealed interface ChangeSet {

    int size();

    /** The change relation. Whatever is in the resources, it doesn't fail. */
    Sql query();

    /** Changes of which the resources are there, so that views can be evaluated over them. */
    sealed interface OfResources extends ChangeSet {

        /**
         * The live resources among the changes, in their new versions.
         *
         * @param name under which the change relation is known
         * @param which a condition on {@code n}
         */
        ResourceRelation live(String name, ViewPlan plan, String which);

        /** Those from one index, counted from 0, to before another. */
        OfResources part(int from, int to);
    }

    /**
     * Changes of which the speed layer holds the rows that views made of them, by those views' own SQL.
     *
     * @param keys as an array of PostgreSQL's
     * @param rows by the views' names
     */
    record Made(int size, BinaryTexts keys, Map<String, MadeRows> rows) implements ChangeSet {

        public Made {
            rows = Map.copyOf(rows);
        }

        static Made of(ChangedRows changed, List<KnownView> views) {
            Map<String, MadeRows> rows = new HashMap<>();
            views.forEach(view -> rows.put(view.name(), MadeRows.of(changed, view)));
            return new Made(changed.size(), new BinaryTexts(changed.keys()), rows);
        }

        @Override
        public Sql query() {
            return new Sql("select key\nfrom unnest(?::text[]) as c(key)", List.of(keys));
        }

        Sql rows(ViewPlan plan) {
            return Optional.ofNullable(rows.get(plan.name())).orElseThrow().query(plan);
        }
    }

    /** Changes with their resources, as the speed layer holds them. */
    record Shipped(List<Change> changes, Optional<String> serverBase) implements OfResources {

        public Shipped {
            changes = List.copyOf(changes);
        }

        @Override
        public int size() {
            return changes.size();
        }

        // Arrays of texts, and not one JSON: a resource that PostgreSQL can't take must not make all others fail.
        @Override
        public Sql query() {
            return new Sql(
                    """
                    select n, key, version, resource
                    from unnest(?::text[], ?::bigint[], ?::text[]) with ordinality as c(key, version, resource, n)""",
                    List.of(
                            changes.stream().map(Change::key).toArray(String[]::new),
                            changes.stream().mapToLong(Change::version).toArray(),
                            changes.stream()
                                    .map(change -> change.resource().orElse(null))
                                    .toArray(String[]::new)));
        }

        @Override
        public ResourceRelation live(String name, ViewPlan plan, String which) {
            // No id of FHIR's has a slash: what stands before one is the partition.
            boolean scoped = changes.stream().anyMatch(change -> change.key().indexOf('/') >= 0);
            return new ResourceRelation(
                    "select key, version" + (scoped ? ", coalesce(substring(key from '^.*/'), '') as scope" : "")
                            + ", resource::jsonb as resource\nfrom " + name
                            + "\nwhere resource is not null and " + which + "\noffset '0'",
                    scoped,
                    serverBase);
        }

        @Override
        public OfResources part(int from, int to) {
            return new Shipped(changes.subList(from, to), serverBase);
        }
    }

    /**
     * Changes found in the source itself, by internal id: their resources stay where they are.
     *
     * @param resourceType their type
     * @param ids the internal ids of at least all resources that changed
     */
    record Found(Resources resources, String resourceType, List<Long> ids) implements OfResources {

        public Found {
            ids = List.copyOf(ids);
        }

        static Found of(Resources resources, String resourceType, long[] ids) {
            return new Found(resources, resourceType, Arrays.stream(ids).boxed().toList());
        }

        long[] internalIds() {
            return ids.stream().mapToLong(Long::longValue).toArray();
        }

        @Override
        public int size() {
            return ids.size();
        }

        // An internal id may stand for several resources, which then change together.
        @Override
        public Sql query() {
            return new Sql(
                    """
                    select c.n, i.res_id, i.key
                    from unnest(?::bigint[]) with ordinality as c(res_id, n)
                    join (
                    %s
                    ) i on i.res_id = c.res_id""".formatted(resources.identities(resourceType).indent(4).stripTrailing()),
                    List.of(internalIds()));
        }

        @Override
        public ResourceRelation live(String name, ViewPlan plan, String which) {
            return resources.among(
                    "(select res_id from " + name + " where " + which + ") c",
                    resourceType,
                    plan.readsId(),
                    plan.readsMeta());
        }

        @Override
        public OfResources part(int from, int to) {
            return new Found(resources, resourceType, ids.subList(from, to));
        }
    }
}
