package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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
import org.researchflow.rf.source.ResourceStore;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.ViewDefinition;

/**
 * The verbs of materialized views.
 *
 * @param database of the source, where the views live too
 * @param settings that decide rows
 */
public record Batch(Database database, SourceSettings settings) {

    /**
     * Builds views that don't exist yet. A view with the same definition is left alone; one with another is a failure
     * that shows the difference, unless it is to be replaced. Throws what stops all of them: a definition that does
     * not compile, no HAPI tables, a missing right.
     */
    public List<Outcome> create(
            Collection<ViewDefinition> views, boolean replace, RunOptions options, RunListener listener) {
        // What does not compile is told first: that needs no database.
        Map<String, Definition> definitions = definitions(views);
        return connected(connection -> {
            Batch here = here(connection);
            definitions.replaceAll((_, definition) -> definition.under(here.settings));
            return here.run(
                    connection, definitions.keySet(), creation(definitions, replace, options), options, listener);
        });
    }

    /** What {@link #create} would do. Changes nothing. */
    public List<Intention> rehearseCreate(Collection<ViewDefinition> views, boolean replace, RunOptions options) {
        Map<String, Definition> definitions = definitions(views);
        Batch here = connected(this::here);
        definitions.replaceAll((_, definition) -> definition.under(here.settings));
        Run.Decision decision = creation(definitions, replace, options);
        return here.rehearse(
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

    private static Run.Decision creation(Map<String, Definition> definitions, boolean replace, RunOptions options) {
        return (connection, view, _) ->
                toCreate(connection, Objects.requireNonNull(definitions.get(view)), replace, options);
    }

    private Map<String, Definition> definitions(Collection<ViewDefinition> views) {
        Map<String, Definition> definitions = new LinkedHashMap<>();
        for (ViewDefinition view : views) {
            if (definitions.put(view.name(), Definition.of(view, settings)) != null) {
                throw Failure.usage("two definitions are named " + view.name());
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
            requireKnown(views, Catalog.names(first));
            Batch here = here(first);
            return here.run(
                    first,
                    views,
                    (connection, view, now) -> here.toRefresh(connection, view, now, options),
                    options,
                    listener);
        });
    }

    /** What {@link #refresh} would do. Changes nothing. */
    public List<Intention> rehearseRefresh(Collection<String> views, RunOptions options) {
        requireKnown(views);
        Batch here = connected(this::here);
        return here.rehearse(views, (connection, view, now) -> here.toRefresh(connection, view, now, options));
    }

    private List<Intention> rehearse(Collection<String> views, Run.Decision decision) {
        if (views.isEmpty()) {
            return List.of();
        }
        try (Connection connection = database.connect()) {
            Resources resources = settings.resources(connection);
            return Transactions.read(
                    connection,
                    _ -> new Rehearsal(connection, Source.read(connection, resources)).over(views, decision));
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    public List<Outcome> refreshAll(RunOptions options, RunListener listener) {
        return refresh(refreshable(), options, listener);
    }

    /** The names of all {@link #known} views but those that are published over another source. */
    public List<String> refreshable() {
        return connected(connection -> {
            Set<String> names = new TreeSet<>(Catalog.names(connection));
            SourceSettings here = settings.on(connection);
            for (Materialization view : Catalog.all(connection)) {
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
     * @param shipped definitions that may have changed since a view was created from them
     */
    public List<ListedView> list(Collection<ViewDefinition> shipped) {
        try (Connection connection = database.connect()) {
            SourceSettings here = settings.on(connection);
            Map<String, String> hashes = shipped.stream()
                    .collect(Collectors.toMap(ViewDefinition::name, view -> Definition.hash(view.json(), here)));
            return new Listing(connection, here, hashes).views();
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** What keeps PostgreSQL's oldest transaction open, if anything does. */
    public Optional<OldestTransaction> oldestTransaction() {
        try (Connection connection = database.connect()) {
            return OldestTransaction.find(connection);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** How far in the future the newest resource was written, if it was. */
    public Optional<Duration> ahead() {
        try (Connection connection = database.connect()) {
            return settings.on(connection).resources(connection).ahead(connection);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** The SQL that gives these roles what they need. */
    public String grants(Roles roles) {
        try (Connection connection = database.connect()) {
            boolean both = settings.source() == SourceName.AUTO;
            boolean loaded = both ? ResourceStore.isIn(connection) : settings.source() == SourceName.RESOURCES;
            boolean hapi = !loaded || (both && HapiSchema.isIn(connection, settings.hapiSchema()));
            return roles.sql(
                    connection,
                    hapi ? Optional.of(HapiSchema.detect(connection, settings.hapiSchema())) : Optional.empty(),
                    loaded);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** Gives views another schedule; those that were built but not published yet, too. */
    public List<Schedule.Change> schedule(Collection<String> views, UnaryOperator<Schedule> change) {
        requireKnown(views);
        try (Connection connection = database.connect()) {
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
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** What {@link #schedule} would do. Changes nothing. */
    public List<Schedule.Change> rehearseSchedule(Collection<String> views, UnaryOperator<Schedule> change) {
        requireKnown(views);
        try (Connection connection = database.connect()) {
            return changes(connection, views, change);
        } catch (SQLException e) {
            throw database.failure(e);
        }
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
        try (Connection connection = database.connect()) {
            SourceSettings here = settings.on(connection);
            Resources resources = here.resources(connection);
            ResourceNames names = ResourceNames.read(connection, showKeys);
            return Transactions.read(connection, _ -> {
                Verification verification =
                        new Verification(connection, Source.read(connection, resources), here, names);
                List<Verified> verified = new ArrayList<>();
                for (String view : views) {
                    verified.add(verification.of(Catalog.find(connection, view).orElseThrow(() -> unknown(view))));
                }
                return verified;
            });
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /**
     * The live resources that have no rows in a view.
     *
     * @param showKeys whether resources are named by their keys
     * @param most how many at most
     */
    public List<SetAsideResource> setAside(String view, boolean showKeys, Optional<Long> most) {
        requireKnown(List.of(view));
        try (Connection connection = database.connect()) {
            Optional<Materialization> existing = Catalog.find(connection, view);
            return existing.isEmpty() || existing.get().setAside() == 0
                    ? List.of()
                    : SetAsideResource.of(connection, existing.get(), ResourceNames.read(connection, showKeys), most);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** Drops views with their stored rows. Throws when a name is unknown; what depends on a view stops only that one. */
    public List<Outcome> drop(Collection<String> views, RunOptions options) {
        requireKnown(views);
        List<Outcome> outcomes = new ArrayList<>();
        try (Connection connection = database.connect()) {
            for (String view : views) {
                outcomes.add(removed(connection, view, options));
            }
        } catch (SQLException e) {
            throw database.failure(e);
        }
        return outcomes;
    }

    /** What {@link #drop} would do. Changes nothing. */
    public List<Intention> rehearseDrop(Collection<String> views, RunOptions options) {
        requireKnown(views);
        try (Connection connection = database.connect()) {
            Map<String, String> holders = ViewLock.holders(connection, views);
            return Transactions.read(connection, _ -> {
                List<Intention> intentions = new ArrayList<>();
                for (String view : views) {
                    @Nullable String holder = holders.get(view);
                    intentions.add(
                            holder == null
                                    ? Removal.rehearsed(connection, view, options.cascade())
                                    : Intention.of(
                                            view,
                                            Intention.Action.SKIP,
                                            Optional.of("another run is at it: " + holder)));
                }
                return intentions;
            });
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** One view's failure does not stop the others, and none goes unreported. */
    private Outcome removed(Connection connection, String view, RunOptions options) {
        try {
            return Removal.of(connection, view, options);
        } catch (SQLException e) {
            return new Outcome.Failed(view, database.failure(e));
        }
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
            Run.Decision decision,
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

    private static Work toCreate(Connection connection, Definition definition, boolean replace, RunOptions options)
            throws SQLException {
        String view = definition.name();
        Optional<Materialization> existing = Catalog.find(connection, view);
        Optional<Generation> pending = Catalog.pending(connection, view);
        Optional<Long> number = Catalog.number(connection, view);
        Optional<PublishedView> published = PublishedView.find(connection, view, number.orElse(0L));
        Work.Make make = new Work.Make(
                definition,
                number,
                existing.map(Materialization::generation).orElse(0L),
                pending,
                false,
                Optional.empty());
        // The newest definition that somebody asked for, whether it is published, or no longer.
        Optional<String> known = pending.map(Generation::hash).or(() -> existing.map(Materialization::hash));
        boolean same = known.equals(Optional.of(definition.hash()));
        if (known.isPresent() && !same && !replace) {
            throw anotherDefinition(connection, existing, pending, published, definition);
        }
        boolean readable = published.isPresent() && published.get().ours();
        if (same && readable && existing.isPresent() && !existing.get().failed() && pending.isEmpty()) {
            return existing.get().compilerVersion() == ViewSql.VERSION
                    ? new Work.Settled(new Outcome.Unchanged(view))
                    : make.because("it was built by another version of the compiler");
        }
        checkPublished(connection, definition, published, options);
        return make;
    }

    private Work toRefresh(Connection connection, String view, SourceState now, RunOptions options)
            throws SQLException {
        Optional<Materialization> existing = Catalog.find(connection, view);
        Optional<Generation> pending = Catalog.pending(connection, view);
        // The newest definition that somebody asked for, published or not.
        String json = pending.map(Generation::definition)
                .or(() -> existing.map(Materialization::definition))
                .orElseThrow(() -> unknown(view));
        long number = Catalog.number(connection, view).orElseThrow(() -> unknown(view));
        Definition definition = Definition.stored(view, json, settings);
        requireSameSource(
                view,
                pending.map(Generation::settings)
                        .or(() -> existing.map(Materialization::settings))
                        .orElseThrow());
        Optional<PublishedView> published = PublishedView.find(connection, view, number);
        checkPublished(connection, definition, published, options);
        Work.Make full = new Work.Make(
                definition,
                Optional.of(number),
                existing.map(Materialization::generation).orElse(0L),
                pending,
                true,
                Optional.empty());
        if (existing.isEmpty() || published.isEmpty()) {
            return full.because("it had not been published");
        }
        Optional<String> because = new Incremental(connection, definition, now, options.refresh())
                .impossible(existing.get(), pending.isPresent());
        return because.isPresent()
                ? full.because(because.get())
                : new Work.Update(
                        existing.get(),
                        options.refresh() == RunOptions.Refresh.EXACT
                                || existing.get()
                                        .reconciliation()
                                        .isDue(
                                                OldSnapshots.now(connection).toInstant(),
                                                now.counters(),
                                                definition.plan().readsMeta()),
                        full);
    }

    private void requireSameSource(String view, String builtWith) {
        if (settings.areOfAnotherSource(builtWith)) {
            String other = settings.source() == SourceName.HAPI ? "resources" : "hapi";
            throw Failure.usage(view + " was built from another source")
                    .note("why", "built with " + builtWith)
                    .note("try", "--source " + other + " refreshes it from there")
                    .note("try", "rf views create --replace builds it anew from this one");
        }
    }

    /** Finds out before a long build what would stop its publication. */
    private static void checkPublished(
            Connection connection, Definition definition, Optional<PublishedView> published, RunOptions options)
            throws SQLException {
        if (published.isPresent()) {
            Publication.requireOurs(published.get(), definition.name());
            if (!published.get().couldBecome(ColumnChanges.wanted(connection, definition.plan()))) {
                Publication.requireNoDependents(connection, published.get(), definition.name(), options.cascade());
            }
        }
    }

    private static Failure anotherDefinition(
            Connection connection,
            Optional<Materialization> existing,
            Optional<Generation> pending,
            Optional<PublishedView> published,
            Definition definition)
            throws SQLException {
        Failure failure = Failure.usage("view " + definition.name() + " exists with another definition");
        if (published.isPresent()) {
            ColumnChanges.between(published.get().unsizedColumns(), ColumnChanges.wanted(connection, definition.plan()))
                    .forEach(change -> failure.note("columns", change));
        }
        String settings = pending.map(Generation::settings)
                .or(() -> existing.map(Materialization::settings))
                .orElseThrow();
        if (!settings.equals(definition.settings().text())) {
            failure.note("settings", "- " + settings);
            failure.note("settings", "+ " + definition.settings().text());
        }
        String before = pending.map(Generation::definition)
                .or(() -> existing.map(Materialization::definition))
                .orElseThrow();
        DefinitionText.difference(before, definition.view().json()).forEach(line -> failure.note("difference", line));
        return failure.note("try", "--replace builds it anew with this definition");
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

    private static Failure unknown(String view) {
        return Failure.usage("no view named \"" + view + "\"");
    }
}
