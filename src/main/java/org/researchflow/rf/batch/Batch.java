package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.source.HapiSchema;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.SqlView;
import org.researchflow.rf.view.View;
import org.researchflow.rf.view.ViewDefinition;

/**
 * The verbs of materialized views.
 *
 * @param database of the source, where the views live too
 * @param settings that decide rows
 */
public record Batch(Database database, SourceSettings settings) {

    /**
     * Builds views that don't exist yet, each after those that it reads. A view with the same definition is left alone;
     * one with another is a failure that shows the difference, unless it is to be replaced. Throws what stops all of them:
     * a definition that does not compile, views that read each other in a circle, no HAPI tables, a missing right.
     */
    public List<Outcome> create(
            Collection<? extends View> views, boolean replace, RunOptions options, RunListener listener) {
        // What does not compile is told first: that needs no database.
        Map<String, Definition> definitions = definitions(views);
        Map<String, SqlView> sql = sqlViews(views);
        return connected(connection -> {
            SqlGraph graph = requireCreatable(connection, views);
            List<Outcome> outcomes = new ArrayList<>();
            if (!definitions.isEmpty()) {
                Batch here = here(connection);
                definitions.replaceAll((_, definition) -> definition.under(here.settings));
                Decision decision = new Creation(definitions, replace, options);
                outcomes.addAll(here.run(connection, definitions.keySet(), decision, options, listener));
            }
            SqlDecision decision = new SqlDecision.Creating(sql, replace, options);
            outcomes.addAll(
                    runSql(connection, graph, sql.keySet(), decision, new Setting(options, listener, outcomes)));
            keep(connection, outcomes);
            setIntervals(connection, sql, outcomes);
            return inOrder(views.stream().map(View::name).toList(), outcomes);
        });
    }

    /** What {@link #create} would do. Changes nothing. */
    public List<Intention> rehearseCreate(Collection<? extends View> views, boolean replace, RunOptions options) {
        Map<String, Definition> definitions = definitions(views);
        Map<String, SqlView> sql = sqlViews(views);
        return connected(connection -> {
            SqlGraph graph = requireCreatable(connection, views);
            List<Intention> intentions = new ArrayList<>();
            if (!definitions.isEmpty()) {
                intentions.addAll(here(connection).rehearseCreate(definitions, replace, options));
            }
            SqlRehearsal rehearsal = new SqlRehearsal(connection, graph);
            intentions.addAll(rehearsal.over(sql.keySet(), new SqlDecision.Creating(sql, replace, options)));
            return intentions;
        });
    }

    private List<Intention> rehearseCreate(Map<String, Definition> definitions, boolean replace, RunOptions options) {
        definitions.replaceAll((_, definition) -> definition.under(settings));
        Decision decision = new Creation(definitions, replace, options);
        return rehearse(
                definitions.keySet(),
                (connection, view, now) -> CatalogTables.exist(connection)
                        ? decision.decide(connection, view, now)
                        : new Work.Make(
                                Objects.requireNonNull(definitions.get(view)),
                                Optional.empty(),
                                0,
                                Optional.empty(),
                                false,
                                Optional.empty()));
    }

    /** Finds out what would stop all of them, before any is begun. */
    private static SqlGraph requireCreatable(Connection connection, Collection<? extends View> views)
            throws SQLException {
        Map<String, Kind> kinds = Catalog.kinds(connection);
        for (View view : views) {
            Kind kind = view instanceof SqlView ? Kind.SQL_VIEW : Kind.VIEW_DEFINITION;
            if (kinds.getOrDefault(view.name(), kind) != kind) {
                throw Failure.usage(view.name() + " exists, and is a " + kinds.get(view.name()) + ", not a " + kind)
                        .note("try", "another name, or  rf views drop " + view.name());
            }
        }
        SqlGraph graph = SqlGraph.read(connection, views);
        graph.inOrder(views.stream().map(View::name).toList());
        for (View view : views) {
            if (view instanceof SqlView sql) {
                graph.sources(sql);
            }
        }
        return graph;
    }

    /** What decides how SQLViews are computed, and how the views ended that they may read. */
    private record Setting(RunOptions options, RunListener listener, List<Outcome> before) {}

    private List<Outcome> runSql(
            Connection connection, SqlGraph graph, Collection<String> views, SqlDecision decision, Setting setting)
            throws SQLException {
        return views.isEmpty()
                ? List.of()
                : new SqlRun(database, settings, setting.options(), setting.listener(), graph, setting.before())
                        .over(connection, views, decision);
    }

    /** The interval that a document names is the view's own from then on. */
    private static void setIntervals(Connection connection, Map<String, SqlView> views, List<Outcome> outcomes)
            throws SQLException {
        for (Outcome outcome : outcomes) {
            @Nullable SqlView view = views.get(outcome.view());
            boolean made = outcome instanceof Outcome.Recomputed || outcome instanceof Outcome.Pending;
            if (view != null && made && view.upkeep().refreshInterval().isPresent()) {
                Schedule before = Schedules.find(connection, view.name());
                Schedules.set(
                        connection,
                        view.name(),
                        before.withInterval(view.upkeep().refreshInterval()));
            }
        }
    }

    private static void keep(Connection connection, List<Outcome> outcomes) {
        try {
            if (CatalogTables.exist(connection)) {
                RefreshHistory.add(connection, outcomes);
            }
        } catch (SQLException ignored) {
            // The views are what they are; a line less in the history is no reason to say otherwise.
        }
    }

    private static List<Outcome> inOrder(Collection<String> names, List<Outcome> outcomes) {
        Map<String, Outcome> byName = outcomes.stream().collect(Collectors.toMap(Outcome::view, outcome -> outcome));
        return names.stream()
                .distinct()
                .map(name -> Objects.requireNonNull(byName.get(name)))
                .toList();
    }

    private static Map<String, SqlView> sqlViews(Collection<? extends View> views) {
        Map<String, SqlView> sql = new LinkedHashMap<>();
        for (View view : views) {
            if (view instanceof SqlView found && sql.put(view.name(), found) != null) {
                throw twice(view.name());
            }
        }
        return sql;
    }

    private static Failure twice(String view) {
        return Failure.usage("two definitions are named " + view);
    }

    private Map<String, Definition> definitions(Collection<? extends View> views) {
        Map<String, Definition> definitions = new LinkedHashMap<>();
        for (View view : views) {
            if (view instanceof ViewDefinition definition
                    && definitions.put(view.name(), Definition.of(definition, settings)) != null) {
                throw twice(view.name());
            }
        }
        return definitions;
    }

    /**
     * Brings views up to date, with the definitions they were created with: incrementally where that is possible, and
     * otherwise, or when told so, by building them anew. One that fails does not stop the others.
     */
    public List<Outcome> refresh(Collection<String> views, RunOptions options, RunListener listener) {
        return connected(first -> {
            Map<String, Kind> kinds = Catalog.kinds(first);
            requireKnown(views, kinds.keySet());
            List<Outcome> outcomes = new ArrayList<>();
            Collection<String> definitions = of(Kind.VIEW_DEFINITION, views, kinds);
            if (!definitions.isEmpty()) {
                Batch here = here(first);
                outcomes.addAll(
                        here.run(first, definitions, new Refreshing(here.settings, options), options, listener));
            }
            Collection<String> sql = of(Kind.SQL_VIEW, views, kinds);
            if (!sql.isEmpty()) {
                SqlGraph graph = SqlGraph.read(first, List.of());
                SqlDecision decision = new SqlDecision.Renewing(options);
                outcomes.addAll(runSql(first, graph, sql, decision, new Setting(options, listener, outcomes)));
            }
            keep(first, outcomes);
            return inOrder(views, outcomes);
        });
    }

    /** What {@link #refresh} would do. Changes nothing. */
    public List<Intention> rehearseRefresh(Collection<String> views, RunOptions options) {
        return connected(connection -> {
            Map<String, Kind> kinds = Catalog.kinds(connection);
            requireKnown(views, kinds.keySet());
            List<Intention> intentions = new ArrayList<>();
            Collection<String> definitions = of(Kind.VIEW_DEFINITION, views, kinds);
            if (!definitions.isEmpty()) {
                Batch here = here(connection);
                intentions.addAll(here.rehearse(definitions, new Refreshing(here.settings, options)));
            }
            SqlRehearsal rehearsal = new SqlRehearsal(connection, SqlGraph.read(connection, List.of()));
            intentions.addAll(rehearsal.over(of(Kind.SQL_VIEW, views, kinds), new SqlDecision.Renewing(options)));
            return intentions;
        });
    }

    private static Set<String> of(Kind kind, Collection<String> views, Map<String, Kind> kinds) {
        return views.stream()
                .filter(view -> kinds.get(view) == kind)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<Intention> rehearse(Collection<String> views, Decision decision) {
        if (views.isEmpty()) {
            return List.of();
        }
        return connected(connection -> {
            Resources resources = settings.resources(connection);
            return Transactions.read(
                    connection,
                    _ -> new Rehearsal(connection, Source.read(connection, resources)).over(views, decision));
        });
    }

    public List<Outcome> refreshAll(RunOptions options, RunListener listener) {
        return refresh(refreshable(), options, listener);
    }

    /** The names of all {@link #known} views but those that are published over another source. */
    public List<String> refreshable() {
        return connected(connection -> {
            Set<String> names = new TreeSet<>(Catalog.names(connection));
            SourceSettings here = settings.on(connection);
            for (Materialization view : Catalog.ofResources(connection)) {
                if (here.areOfAnotherSource(view.settings())) {
                    names.remove(view.view());
                }
            }
            return List.copyOf(names);
        });
    }

    /**
     * Every view with its state.
     *
     * @param shipped packs whose definitions may have changed since a view was created from them
     */
    public List<ListedView> list(Collection<Pack> shipped) {
        return connected(connection -> new Listing(connection, settings.on(connection), Set.copyOf(shipped)).views());
    }

    /** Removes what the query log says of queries that are older than that; how many they were. */
    public long forgetQueries(Duration age) {
        return connected(connection -> QueryLogTable.forget(connection, age));
    }

    /** What keeps PostgreSQL's oldest transaction open, if anything does. */
    public Optional<OldestTransaction> oldestTransaction() {
        return connected(OldestTransaction::find);
    }

    /** How far in the future the newest resource was written, if it was. */
    public Optional<Duration> ahead() {
        return connected(connection -> {
            // SQLViews need no resources.
            Inventory inventory = Inventory.of(connection, settings.hapiSchema());
            return inventory.hapi() || inventory.loaded()
                    ? settings.on(inventory).resources(connection).ahead(connection)
                    : Optional.empty();
        });
    }

    /** The SQL that gives these roles what they need. */
    public String grants(Roles roles) {
        return connected(connection -> {
            boolean both = settings.source() == SourceName.AUTO;
            Inventory inventory = Inventory.of(connection, settings.hapiSchema());
            boolean loaded = both ? inventory.loaded() : settings.source() == SourceName.RESOURCES;
            boolean hapi = !loaded || (both && inventory.hapi());
            return roles.sql(
                    connection,
                    hapi ? Optional.of(HapiSchema.detect(connection, settings.hapiSchema())) : Optional.empty(),
                    loaded);
        });
    }

    /** All that is known of a view that people can read. */
    public ViewInfo info(String name, Collection<Pack> shipped) {
        requireKnown(List.of(name));
        ListedView listed = list(shipped).stream()
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.failed(name + " was built, but is not published yet")
                        .note("try", "rf views refresh " + name));
        return connected(connection -> {
            Materialization stored = listed.materialization();
            return new ViewInfo(
                    listed,
                    stored.relation(),
                    stored.form().isSql()
                            ? SqlViews.stored(stored).description()
                            : DefinitionText.description(stored.definition()),
                    List.copyOf(SqlGraph.read(connection, List.of()).reads(name)),
                    ViewInfo.columns(connection, stored.relation()),
                    ViewInfo.indexes(connection, stored.store()),
                    RefreshHistory.of(connection, name));
        });
    }

    /** The SQL that makes the rows of a SQLView, materialized or not, if there is one of that name. */
    public Optional<String> sql(String name) {
        return connected(connection -> {
            Optional<Materialization> stored = CatalogTables.exist(connection)
                    ? Catalog.find(connection, name).filter(view -> view.form().isSql())
                    : Optional.empty();
            return stored.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            SqlViews.statement(SqlViews.stored(stored.get()), SqlGraph.read(connection, List.of())));
        });
    }

    /** The SQL that makes the rows of a SQLView that need not be known yet. */
    public String sql(SqlView view) {
        return connected(connection -> SqlViews.statement(view, SqlGraph.read(connection, List.of(view))));
    }

    /** Gives views another schedule; those that were built but not published yet, too. */
    public List<Schedule.Change> schedule(Collection<String> views, UnaryOperator<Schedule> change) {
        requireKnown(views);
        return connected(connection -> {
            CatalogTables.create(connection);
            return Transactions.write(connection, _ -> {
                List<Schedule.Change> changes = changes(connection, views, change);
                for (Schedule.Change changed : changes) {
                    if (!changed.before().equals(changed.after())) {
                        Schedules.set(connection, changed.view(), changed.after());
                    }
                }
                return changes;
            });
        });
    }

    /** What {@link #schedule} would do. Changes nothing. */
    public List<Schedule.Change> rehearseSchedule(Collection<String> views, UnaryOperator<Schedule> change) {
        requireKnown(views);
        return connected(connection -> changes(connection, views, change));
    }

    /** Publishes live views beside these, or takes them away; those that are live are made anew. Throws at the first failure. */
    public List<LiveChange> live(Collection<String> views, boolean wanted, RunOptions options) {
        requireKnown(views);
        return connected(connection -> {
            CatalogTables.create(connection);
            requireOfResources(connection, views);
            Liveness liveness = new Liveness(connection, settings.on(connection), wanted, options);
            List<LiveChange> changes = new ArrayList<>();
            for (String view : views) {
                changes.add(liveness.of(view));
            }
            return changes;
        });
    }

    private static void requireOfResources(Connection connection, Collection<String> views) throws SQLException {
        for (String view : of(Kind.SQL_VIEW, views, Catalog.kinds(connection))) {
            throw Failure.usage(view + " is a SQLView, and cannot be live")
                    .note("why", "what changed can be merged in only where a view is of resources, each by itself");
        }
    }

    /** What {@link #live} would do, or no change where nothing is wanted. Changes nothing. */
    public List<LiveChange> rehearseLive(Collection<String> views, Optional<Boolean> wanted) {
        requireKnown(views);
        return connected(connection -> {
            List<LiveChange> changes = new ArrayList<>();
            for (String view : views) {
                boolean live = LiveView.isWanted(connection, view);
                changes.add(new LiveChange(view, live, wanted.orElse(live)));
            }
            return changes;
        });
    }

    private static List<Schedule.Change> changes(
            Connection connection, Collection<String> views, UnaryOperator<Schedule> change) throws SQLException {
        List<Schedule.Change> changes = new ArrayList<>();
        for (String view : views) {
            Schedule before = Schedules.find(connection, view);
            changes.add(new Schedule.Change(view, before, change.apply(before)));
        }
        return changes;
    }

    public List<Verified> verify(Collection<String> views) {
        return verify(views, false);
    }

    /**
     * Compares views with a fresh computation, all in one snapshot of the database. Changes nothing.
     *
     * @param showKeys whether resources are named by their keys
     */
    public List<Verified> verify(Collection<String> views, boolean showKeys) {
        requireKnown(views);
        return connected(connection -> {
            boolean ofResources =
                    !of(Kind.VIEW_DEFINITION, views, Catalog.kinds(connection)).isEmpty();
            SourceSettings here = ofResources ? settings.on(connection) : settings;
            Optional<Resources> resources = ofResources ? Optional.of(here.resources(connection)) : Optional.empty();
            ResourceNames names = ResourceNames.read(connection, showKeys);
            return Transactions.read(connection, _ -> {
                Optional<Verification> verification = resources.isPresent()
                        ? Optional.of(
                                new Verification(connection, Source.read(connection, resources.get()), here, names))
                        : Optional.empty();
                return new Verifications(database, connection, verification).of(views);
            });
        });
    }

    /**
     * The live resources that have no rows in a view.
     *
     * @param showKeys whether resources are named by their keys
     * @param most how many at most
     */
    public List<SetAsideResource> setAside(String view, boolean showKeys, Optional<Long> most) {
        requireKnown(List.of(view));
        return connected(connection -> {
            Optional<Materialization> existing = Catalog.find(connection, view);
            return existing.isEmpty() || existing.get().setAside() == 0
                    ? List.of()
                    : SetAsideResource.of(connection, existing.get(), ResourceNames.read(connection, showKeys), most);
        });
    }

    /** Drops views with their stored rows. Throws when a name is unknown; what depends on a view stops only that one. */
    public List<Outcome> drop(Collection<String> views, RunOptions options) {
        requireKnown(views);
        return connected(connection -> {
            CatalogTables.create(connection);
            return Removals.read(connection, views, options).carriedOut(connection, database);
        });
    }

    /** What {@link #drop} would do. Changes nothing. */
    public List<Intention> rehearseDrop(Collection<String> views, RunOptions options) {
        requireKnown(views);
        return connected(connection -> {
            Map<String, String> holders = ViewLock.holders(connection, views);
            return Transactions.read(
                    connection, _ -> Removals.read(connection, views, options).rehearsed(connection, holders));
        });
    }

    /** The names of all views that can be refreshed or dropped, those included whose first build is not published yet. */
    public List<String> known() {
        return List.copyOf(names());
    }

    /** The same with the source that is there, where none was chosen. */
    private Batch here(Connection connection) throws SQLException {
        return settings.source() == SourceName.AUTO ? new Batch(database, settings.on(connection)) : this;
    }

    private List<Outcome> run(
            Connection connection,
            Collection<String> views,
            Decision decision,
            RunOptions options,
            RunListener listener)
            throws SQLException {
        return views.isEmpty()
                ? List.of()
                : new Run(database, settings, options, listener).over(connection, views, decision);
    }

    private <T> T connected(Transactions.Work<T> work) {
        try (Connection connection = database.connect()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    private void requireKnown(Collection<String> views) {
        requireKnown(views, names());
    }

    private static void requireKnown(Collection<String> views, Set<String> known) {
        for (String view : views) {
            if (!known.contains(view)) {
                Failure failure = unknown(view);
                Suggestion.nearest(view, known)
                        .ifPresentOrElse(
                                near -> failure.note("did you mean", near), () -> failure.note("try", "rf views list"));
                throw failure;
            }
        }
    }

    /** The names of all views, those included whose first build is not published yet. */
    private Set<String> names() {
        return connected(Catalog::names);
    }

    static Failure unknown(String view) {
        return Failure.usage("no view named \"" + view + "\"");
    }
}
