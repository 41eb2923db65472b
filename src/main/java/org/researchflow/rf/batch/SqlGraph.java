package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.view.Definitions;
import org.researchflow.rf.view.Dependency;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.SqlLibrary;
import org.researchflow.rf.view.SqlText;
import org.researchflow.rf.view.SqlView;
import org.researchflow.rf.view.View;
import org.researchflow.rf.view.ViewDefinition;

/** The views of a database and which of them read which: those of the catalog, and in place of them those of a run. */
public final class SqlGraph {

    private final Map<String, Node> nodes;

    private SqlGraph(Map<String, Node> nodes) {
        this.nodes = nodes;
    }

    /** A view, with its SQL if that is what defines it. */
    private record Node(String name, String schema, Optional<String> url, Optional<SqlView> sql) {
        String relation() {
            return Identifiers.qualified(schema, name);
        }
    }

    /**
     * What a name in SQL stands for.
     *
     * @param label the name
     * @param relation what it stands for, as SQL text
     * @param view the view that this is, if it is one
     * @param sql whether that view is a SQLView
     */
    public record Source(String label, String relation, Optional<String> view, boolean sql) {}

    /** Reads the catalog, and takes the views of a run for what they will be. */
    public static SqlGraph read(Connection connection, Collection<? extends View> others) throws SQLException {
        Map<String, Node> nodes = new TreeMap<>();
        // Who computes on the fly need not be let into the catalog.
        List<Materialization> stored = Catalog.mayRead(connection) ? Catalog.all(connection) : List.of();
        for (Materialization view : stored) {
            Optional<SqlView> sql = view.form().isSql() ? Optional.of(SqlViews.stored(view)) : Optional.empty();
            Optional<String> url = sql.isPresent() ? sql.get().url() : Definitions.url(view.view(), view.definition());
            nodes.put(view.view(), new Node(view.view(), view.form().schema(), url, sql));
        }
        for (View view : others) {
            nodes.put(
                    view.name(),
                    switch (view) {
                        case SqlView sql -> new Node(sql.name(), sql.storage().schema(), sql.url(), Optional.of(sql));
                        case ViewDefinition definition ->
                            new Node(
                                    definition.name(),
                                    Catalog.VIEWS,
                                    Definitions.url(definition.name(), definition.json()),
                                    Optional.empty());
                    });
        }
        return new SqlGraph(nodes);
    }

    /**
     * What the names that SQL declares stand for.
     *
     * @throws Failure if one of them is nothing here
     */
    public List<Source> sources(SqlLibrary sql) {
        List<Source> sources = new ArrayList<>();
        for (Dependency dependency : sql.dependsOn()) {
            sources.add(source(dependency).orElseThrow(() -> unknown(sql.name(), dependency)));
        }
        return sources;
    }

    private Optional<Source> source(Dependency dependency) {
        Optional<Node> node = node(dependency);
        if (node.isPresent()) {
            Node found = node.get();
            return Optional.of(new Source(
                    dependency.label(),
                    found.relation(),
                    Optional.of(found.name()),
                    found.sql().isPresent()));
        }
        int dot = dependency.target().indexOf('.');
        return dependency.isReference() || dot < 0
                ? Optional.empty()
                : Optional.of(new Source(
                        dependency.label(),
                        Identifiers.qualified(
                                dependency.target().substring(0, dot),
                                dependency.target().substring(dot + 1)),
                        Optional.empty(),
                        false));
    }

    private Optional<Node> node(Dependency dependency) {
        if (!dependency.isReference()) {
            return nodes.values().stream()
                    .filter(node -> node.name().equals(dependency.target())
                            || (node.schema() + "." + node.name()).equals(dependency.target()))
                    .findFirst();
        }
        return nodes.values().stream()
                .filter(node -> node.url().equals(Optional.of(dependency.reference())))
                .findFirst()
                .or(() -> Optional.ofNullable(nodes.get(dependency.lastSegment())));
    }

    private Failure unknown(String of, Dependency dependency) {
        String wanted = dependency.isReference() ? dependency.lastSegment() : dependency.target();
        Failure failure = Failure.usage(of + " depends on " + dependency.target() + ", and there is no such view");
        Suggestion.nearest(wanted, nodes.keySet()).ifPresent(near -> failure.note("did you mean", near));
        if (!dependency.isReference()) {
            failure.note("note", "a table that is no view of rf is named with its schema: depends-on: [schema.table]");
        }
        return failure.note(
                "try", Pack.of(wanted).map(_ -> "rf views create " + wanted).orElse("rf views list"));
    }

    /** The views that a view reads, as far as they are known: what it declares, and what it names with its schema. */
    Set<String> reads(String view) {
        Set<String> found = new TreeSet<>();
        @Nullable Node node = nodes.get(view);
        if (node == null || node.sql().isEmpty()) {
            return found;
        }
        SqlView sql = node.sql().get();
        for (Dependency dependency : sql.dependsOn()) {
            node(dependency).ifPresent(read -> found.add(read.name()));
        }
        found.addAll(named(sql.sql()));
        return found;
    }

    /** The views that SQL names with their schema: their rows as they are stored. */
    public Set<String> named(SqlText sql) {
        Set<String> names = sql.qualifiedNames();
        return nodes.values().stream()
                .filter(node -> names.contains((node.schema() + "." + node.name()).toLowerCase(Locale.ROOT)))
                .map(Node::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What some views are complete for, those that nobody can read left out. */
    public Map<String, Instant> watermarks(Connection connection, Collection<String> views) throws SQLException {
        Map<String, Instant> watermarks = new TreeMap<>();
        if (!views.isEmpty()) {
            for (Materialization view : Catalog.all(connection)) {
                if (views.contains(view.view())) {
                    watermarks.put(view.view(), view.watermark().at());
                }
            }
        }
        return watermarks;
    }

    /** The views that read one of these, directly or through others, and are none of these. */
    Set<String> readers(Collection<String> views) {
        Set<String> reached = new LinkedHashSet<>(views);
        boolean more = true;
        while (more) {
            more = false;
            for (String view : nodes.keySet()) {
                if (!reached.contains(view) && reads(view).stream().anyMatch(reached::contains)) {
                    more |= reached.add(view);
                }
            }
        }
        reached.removeAll(views);
        return reached;
    }

    /**
     * These views so that each comes after those that it reads.
     *
     * @throws Failure if some read each other in a circle
     */
    List<String> inOrder(Collection<String> views) {
        Set<String> done = new LinkedHashSet<>();
        for (String view : views) {
            visit(view, new LinkedHashMap<>(), done);
        }
        return done.stream().filter(views::contains).collect(Collectors.toList());
    }

    private void visit(String view, Map<String, Boolean> path, Set<String> done) {
        if (done.contains(view)) {
            return;
        }
        if (path.put(view, true) != null) {
            List<String> circle = new ArrayList<>(path.keySet());
            circle = new ArrayList<>(circle.subList(circle.indexOf(view), circle.size()));
            if (circle.size() == 1) {
                throw Failure.usage("the SQL of " + view + " reads " + view + " itself")
                        .note("why", "the table of that name would be the view")
                        .note("try", "another name for the view");
            }
            circle.add(view);
            throw Failure.usage("views read each other in a circle: " + String.join(" -> ", circle))
                    .note("why", "none of them could be computed before the others");
        }
        for (String read : reads(view)) {
            visit(read, path, done);
        }
        path.remove(view);
        done.add(view);
    }
}
