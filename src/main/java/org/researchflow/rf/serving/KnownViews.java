package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Catalog;
import org.researchflow.rf.batch.Inventory;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Hierarchy;
import org.researchflow.rf.cohort.ViewShape;
import org.researchflow.rf.cohort.Views;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.terminology.Hierarchies;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;

/**
 * The views that a question can be asked of, as the catalog had them in one transaction; each is compiled when first
 * looked at. Materialized views come first, and those that come with rf before others, in the order of their packs. Those
 * of the pack fhir are there even if they are not materialized.
 */
public final class KnownViews implements Views {

    private final List<Candidate> candidates;
    private final Map<Code, Hierarchy> hierarchies;
    private final Map<String, String> sqlViews;
    private final Optional<String> mark;
    private final Plans plans;
    private final Map<String, KnownView> looked = new ConcurrentHashMap<>();

    private record Candidate(String name, String resourceType, Optional<Materialization> stored) {}

    private KnownViews(
            List<Candidate> candidates,
            Map<Code, Hierarchy> hierarchies,
            Map<String, String> sqlViews,
            Optional<String> mark,
            Plans plans) {
        this.candidates = List.copyOf(candidates);
        this.hierarchies = Map.copyOf(hierarchies);
        this.sqlViews = Map.copyOf(sqlViews);
        this.mark = mark;
        this.plans = plans;
    }

    /**
     * Reads what a question can be asked of. Who computes on the fly need not be let into the catalog: what comes with rf
     * is known without it.
     *
     * @param inventory of the database
     * @param reaching the codes in it that stand for those below them
     * @param plans of definitions that were compiled before
     * @throws Failure if no loaded hierarchy has one of these
     */
    static KnownViews read(
            Connection connection, Inventory inventory, RunnerName runner, List<Code> reaching, Plans plans)
            throws SQLException {
        List<String> ofPacks =
                Stream.of(Pack.values()).flatMap(pack -> pack.names().stream()).toList();
        List<Candidate> candidates = new ArrayList<>();
        Map<String, String> sqlViews = new HashMap<>();
        boolean open = runner != RunnerName.POSTGRES || inventory.mayRead();
        Catalog.Published published = open ? inventory.views(connection) : Catalog.Published.NONE;
        for (Materialization stored : published.views()) {
            if (stored.form().isSql()) {
                sqlViews.put(stored.view(), stored.relation());
            } else {
                candidates.add(new Candidate(stored.view(), stored.resourceType(), Optional.of(stored)));
            }
        }
        candidates.sort((one, other) -> {
            int packed = Integer.compare(rank(one.name(), ofPacks), rank(other.name(), ofPacks));
            return packed == 0 ? one.name().compareTo(other.name()) : packed;
        });
        if (runner != RunnerName.MATERIALIZED) {
            Set<String> materialized =
                    Set.copyOf(candidates.stream().map(Candidate::name).toList());
            for (String name : Pack.FHIR.names()) {
                if (!materialized.contains(name)) {
                    candidates.add(new Candidate(name, Pack.FHIR.view(name).resource(), Optional.empty()));
                }
            }
        }
        return new KnownViews(candidates, Hierarchies.of(connection, reaching), sqlViews, published.mark(), plans);
    }

    private static int rank(String name, List<String> ofPacks) {
        int index = ofPacks.indexOf(name);
        return index < 0 ? ofPacks.size() : index;
    }

    /** What the catalog's mark was when they were read, if there were any in it. */
    Optional<String> mark() {
        return mark;
    }

    @Override
    public Stream<ViewShape> over(String resourceType) {
        return candidates.stream()
                .filter(candidate -> candidate.resourceType().equals(resourceType))
                .map(candidate -> new ViewShape(view(candidate).plan()));
    }

    @Override
    public Hierarchy below(Code code) {
        return Optional.ofNullable(hierarchies.get(code)).orElseThrow();
    }

    /**
     * The view of that name.
     *
     * @throws Failure if there is none
     */
    public ViewShape named(String name) {
        return new ViewShape(view(name).plan());
    }

    KnownView view(String name) {
        return candidates.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .map(this::view)
                .orElseThrow(() -> unknown(name));
    }

    /** The definitions of those that are computed on the fly. */
    List<ViewDefinition> unmaterialized() {
        return candidates.stream()
                .filter(candidate -> candidate.stored().isEmpty())
                .map(candidate -> Pack.FHIR.view(candidate.name()))
                .toList();
    }

    private Failure unknown(String name) {
        List<String> names = candidates.stream().map(Candidate::name).toList();
        Optional<Pack> pack = Pack.of(name).filter(some -> some != Pack.KPI);
        if (pack.isPresent()) {
            Failure missing =
                    Failure.usage("view " + name + " is not materialized").note("try", "rf views create " + name);
            return pack.get() == Pack.FHIR ? missing.note("try", "--runner postgres computes it on the fly") : missing;
        }
        @Nullable String relation = sqlViews.get(name);
        if (relation != null) {
            return Failure.usage(name + " is a SQLView, whose rows are read with SQL")
                    .note("try", "select * from " + relation + "   in a file, with  rf query run FILE.sql");
        }
        Failure failure = Failure.usage("no view named \"" + name + '"');
        Suggestion.nearest(name, names)
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near), () -> failure.note("try", "rf views list"));
        return failure;
    }

    private KnownView view(Candidate candidate) {
        return looked.computeIfAbsent(
                candidate.name(),
                name -> KnownView.of(
                        candidate
                                .stored()
                                .map(stored -> plans.stored(name, stored.definition()))
                                .orElseGet(() -> plans.shipped(name)),
                        candidate.stored()));
    }
}
