package org.researchflow.rf.bench;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.Criterion;
import org.researchflow.rf.cohort.Event;
import org.researchflow.rf.cohort.EventType;
import org.researchflow.rf.cohort.Finding;
import org.researchflow.rf.cohort.Gender;
import org.researchflow.rf.cohort.Occurrence;
import org.researchflow.rf.cohort.Question;
import org.researchflow.rf.cohort.ViewShape;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.sql.Sql;

/** A question whose answer is one number. */
sealed interface BenchQuery {

    Gender MEN = Gender.parse(List.of("male"));
    String TWO = "two-views";
    String THREE = "three-views";
    Set<String> TEXTS = Set.of("text", "character varying");
    Set<String> DATES = Set.of("date", "dateTime", "instant", "time");
    Cohort MEN_WITH_DIABETES = Cohort.all(List.of(MEN, Event.condition(Code.parse("44054006"))));

    /** As it is listed and typed in gates. */
    String name();

    /** Asks over a connection that is kept; the watcher is told of the statement. */
    long ask(Serving serving, Connection connection, Serving.Watcher watcher);

    /** The same with nobody watching. */
    default long ask(Serving serving, Connection connection) {
        return ask(serving, connection, _ -> () -> {});
    }

    /**
     * How many patients a cohort has, with the sides of the merge, as {@code rf query} asks it.
     *
     * @param question the same one each time, as whoever asks it often would keep it
     */
    record OfCohort(String name, Serving.CountQuestion<Long> question) implements BenchQuery {

        OfCohort(String name, Cohort cohort) {
            this(name, Serving.CountQuestion.of(cohort));
        }

        @Override
        public long ask(Serving serving, Connection connection, Serving.Watcher watcher) {
            return serving.count(connection, question, watcher).result().result();
        }
    }

    /**
     * How many rows a view has, or those that meet conditions.
     *
     * @param view its name
     * @param values what columns must be equal to, in their order
     */
    record OfView(String name, String view, Map<String, String> values) implements BenchQuery {
        @Override
        public long ask(Serving serving, Connection connection, Serving.Watcher watcher) {
            return count(serving, connection, views -> question(views.named(view)), watcher);
        }

        private Question question(ViewShape shape) {
            List<String> conditions = new ArrayList<>();
            values.keySet().forEach(column -> conditions.add(identifier(column) + " = ?"));
            Set<String> read =
                    values.isEmpty() ? Set.of(shape.columns().getFirst().name()) : values.keySet();
            String where = conditions.isEmpty() ? "" : "\nwhere " + String.join(" and ", conditions);
            return new Question(
                    Map.of(view, read),
                    new Sql("select count(*) from " + identifier(view) + where, List.copyOf(values.values())),
                    false);
        }
    }

    /**
     * How many rows a view has of the new patients that a bench writes.
     *
     * @param view its name
     */
    record OfNewPatients(String view) implements BenchQuery {
        @Override
        public String name() {
            return "new-patients";
        }

        @Override
        public long ask(Serving serving, Connection connection, Serving.Watcher watcher) {
            return count(
                    serving,
                    connection,
                    _ -> new Question(
                            Map.of(view, Set.of("id")),
                            Sql.of("select count(*) from " + identifier(view) + " where id ~ '^1[0-9]{12}$'"),
                            false),
                    watcher);
        }
    }

    private static long count(Serving serving, Connection connection, Serving.Asking asking, Serving.Watcher watcher) {
        return serving.answer(
                        connection,
                        asking,
                        (rows, _) -> {
                            rows.next();
                            return rows.getLong(1);
                        },
                        watcher)
                .result();
    }

    /** The names of all questions that there can be. */
    static Set<String> names(List<String> views) {
        Set<String> names = new LinkedHashSet<>();
        for (String view : views) {
            names.add("count-" + view);
            names.add("filter-" + view);
        }
        names.addAll(List.of("count", TWO, THREE, "diabetes"));
        return names;
    }

    /**
     * The questions that this database's data make worth asking: per view, and over one, two and three of them.
     *
     * @param views the names of the materialized ones
     */
    static List<BenchQuery> of(List<String> views, Bed bed, Connection connection) {
        Serving serving = bed.serving(RunnerName.MATERIALIZED);
        List<BenchQuery> queries = new ArrayList<>();
        for (String view : views) {
            queries.add(new OfView("count-" + view, view, Map.of()));
            if (bed.wants("filter-" + view)) {
                frequent(view, serving, connection)
                        .ifPresent(values -> queries.add(new OfView("filter-" + view, view, values)));
            }
        }
        queries.add(new OfCohort("count", Cohort.all(List.of(MEN))));
        if (bed.wants(TWO) || bed.wants(THREE)) {
            queries.addAll(joins(views, serving, connection));
        }
        queries.add(new OfCohort("diabetes", MEN_WITH_DIABETES));
        return queries.stream().filter(query -> bed.wants(query.name())).toList();
    }

    private static List<BenchQuery> joins(List<String> views, Serving serving, Connection connection) {
        List<BenchQuery> queries = new ArrayList<>();
        List<Criterion> criteria = new ArrayList<>(List.of(MEN));
        for (EventType type : List.of(EventType.CONDITION, EventType.MEDICATION, EventType.PROCEDURE)) {
            Optional<Code> code = views.stream()
                    .flatMap(view -> mostFrequentCode(view, type, serving, connection).stream())
                    .findFirst();
            if (code.isPresent() && queries.size() < 2) {
                criteria.add(new Event(type, List.of(new Finding.OfCode(code.get())), Occurrence.ANY));
                queries.add(new OfCohort(queries.isEmpty() ? TWO : THREE, Cohort.all(List.copyOf(criteria))));
            }
        }
        return queries;
    }

    private static Optional<Code> mostFrequentCode(
            String view, EventType type, Serving serving, Connection connection) {
        return text(view, shape -> shape.resourceType().equals(type.resourceType()), "code", 1, serving, connection)
                .map(values -> Code.parse(values.values().iterator().next()));
    }

    /** The most frequent values that two columns of text have together. */
    private static Optional<Map<String, String>> frequent(String view, Serving serving, Connection connection) {
        return text(view, _ -> true, "", 2, serving, connection);
    }

    private static Optional<Map<String, String>> text(
            String view,
            Predicate<ViewShape> wanted,
            String suffix,
            int number,
            Serving serving,
            Connection connection) {
        AtomicReference<List<String>> columns = new AtomicReference<>(List.of());
        Map<String, String> values = serving.answer(
                        connection,
                        views -> {
                            ViewShape shape = views.named(view);
                            List<String> chosen = wanted.test(shape)
                                    ? shape.columns().stream()
                                            .filter(BenchQuery::isValue)
                                            .map(Column::name)
                                            .filter(name -> name.endsWith(suffix))
                                            .limit(number)
                                            .toList()
                                    : List.of();
                            columns.set(chosen);
                            return mostFrequent(shape, chosen);
                        },
                        (rows, _) -> {
                            Map<String, String> found = new LinkedHashMap<>();
                            if (!columns.get().isEmpty() && rows.next()) {
                                for (String column : columns.get()) {
                                    found.put(column, rows.getString(column));
                                }
                            }
                            return found;
                        },
                        _ -> () -> {})
                .result();
        return values.size() < number ? Optional.empty() : Optional.of(values);
    }

    /** Whether a column holds words or codes, and neither keys nor times. */
    private static boolean isValue(Column column) {
        return TEXTS.contains(column.sqlType())
                && !column.collection()
                && column.path()
                        .map(path -> !path.contains("Key(") && !path.endsWith(".reference"))
                        .orElse(true)
                && !DATES.contains(column.fhirType())
                && !column.fhirType().equals("id");
    }

    private static Question mostFrequent(ViewShape shape, List<String> columns) {
        if (columns.isEmpty()) {
            String first = shape.columns().getFirst().name();
            return new Question(
                    Map.of(shape.name(), Set.of(first)),
                    Sql.of("select 1 from " + identifier(shape.name()) + " limit 0"),
                    false);
        }
        List<String> names = columns.stream().map(name -> identifier(name)).toList();
        String list = String.join(", ", names);
        return new Question(
                Map.of(shape.name(), Set.copyOf(columns)),
                Sql.of("select " + list + " from " + identifier(shape.name()) + "\nwhere "
                        + String.join(
                                " and ",
                                names.stream()
                                        .map(name -> name + " is not null")
                                        .toList())
                        + "\ngroup by " + list + "\norder by count(*) desc, " + list + "\nlimit 1"),
                false);
    }
}
