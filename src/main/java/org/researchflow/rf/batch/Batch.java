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
                    connection, definitions.keySet(), new Creation(definitions, replace, options), options, listener);
        });
    }

    /** What {@link #create} would do. Changes nothing. */
    public List<Intention> rehearseCreate(Collection<ViewDefinition> views, boolean replace, RunOptions options) {
        Map<String, Definition> definitions = definitions(views);
        Batch here = connected(this::here);
        definitions.replaceAll((_, definition) -> definition.under(here.settings));
        Decision decision = new Creation(definitions, replace, options);
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
            return here.run(first, views, new Refreshing(here.settings, options), options, listener);
        });
    }

    /** What {@link #refresh} would do. Changes nothing. */
    public List<Intention> rehearseRefresh(Collection<String> views, RunOptions options) {
        requireKnown(views);
        Batch here = connected(this::here);
        return here.rehearse(views, new Refreshing(here.settings, options));
    }

    private List<Intention> rehearse(Collection<String> views, Decision decision) {
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

    /** Removes what the query log says of queries that are older than that; how many they were. */
    public long forgetQueries(Duration age) {
        return connected(connection -> QueryLogTable.forget(connection, age));
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

    /** Publishes live views beside these, or takes them away; those that are live are made anew. Throws at the first failure. */
    public List<LiveChange> live(Collection<String> views, boolean wanted, RunOptions options) {
        requireKnown(views);
        return connected(connection -> {
            CatalogTables.create(connection);
            Liveness liveness = new Liveness(connection, settings.on(connection), wanted, options);
            List<LiveChange> changes = new ArrayList<>();
            for (String view : views) {
                changes.add(liveness.of(view));
            }
            return changes;
        });
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
