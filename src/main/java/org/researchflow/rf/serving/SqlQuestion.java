package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SqlGraph;
import org.researchflow.rf.batch.SqlViews;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Sql;
import org.researchflow.rf.view.SqlParameter;
import org.researchflow.rf.view.SqlQuery;

/**
 * A SQLQuery with the values of its parameters, which are bound and never become part of its text.
 *
 * @param values by the parameters' names; a parameter that has none is null
 */
public record SqlQuestion(SqlQuery query, Map<String, Object> values) {

    public SqlQuestion {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * The query with values as a person types them.
     *
     * @param given each of the form {@code name=value}
     * @throws Failure if one is missing, is none of the query's, or is not of its type
     */
    public static SqlQuestion of(SqlQuery query, List<String> given) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String text : given) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw Failure.usage("--param needs a name and a value").note("try", "--param name=value");
            }
            SqlParameter parameter = parameter(query, text.substring(0, equals));
            Object value = parameter
                    .type()
                    .value(text.substring(equals + 1))
                    .orElseThrow(() -> Failure.usage("the value of --param " + parameter.name() + " does not fit")
                            .note(
                                    "why",
                                    query.name() + " wants " + parameter.type().example()));
            if (values.put(parameter.name(), value) != null) {
                throw Failure.usage("--param " + parameter.name() + " twice").note("try", "each parameter once");
            }
        }
        for (SqlParameter parameter : query.parameters()) {
            if (parameter.required() && !values.containsKey(parameter.name())) {
                throw Failure.usage(query.name() + " needs a value for its parameter " + parameter.name())
                        .note(
                                "try",
                                "--param " + parameter.name() + "=VALUE, "
                                        + parameter.type().example());
            }
        }
        return new SqlQuestion(query, values);
    }

    private static SqlParameter parameter(SqlQuery query, String name) {
        return query.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> known =
                            query.parameters().stream().map(SqlParameter::name).toList();
                    Failure failure = Failure.usage(query.name() + " has no parameter named \"" + name + '"');
                    Suggestion.nearest(name, known).ifPresent(near -> failure.note("did you mean", near));
                    return failure.note("why", known.isEmpty() ? "it has none" : "it has " + String.join(", ", known));
                });
    }

    /** The columns that it reads of each ViewDefinition, by name: all of them, since nobody looks into its SQL. */
    Map<String, Set<String>> reads(SqlGraph graph, KnownViews known) {
        Map<String, Set<String>> reads = new LinkedHashMap<>();
        for (String view : ofResources(graph.sources(query))) {
            reads.put(
                    view,
                    known.view(view).plan().columns().stream()
                            .map(Column::name)
                            .collect(Collectors.toCollection(LinkedHashSet::new)));
        }
        return reads;
    }

    private static List<String> ofResources(List<SqlGraph.Source> sources) {
        return sources.stream()
                .filter(source -> source.view().isPresent() && !source.sql())
                .map(source -> source.view().orElseThrow())
                .distinct()
                .toList();
    }

    /** Its statement, in which the names of ViewDefinitions are those of common table expressions around it. */
    Sql sql(SqlGraph graph) {
        Map<String, SqlParameter> parameters =
                query.parameters().stream().collect(Collectors.toMap(SqlParameter::name, parameter -> parameter));
        String text = query.sql()
                .prepared(name -> "cast(? as "
                        + Objects.requireNonNull(parameters.get(name)).type().sqlType() + ")");
        List<SqlGraph.Source> sources = graph.sources(query).stream()
                .map(source -> source.view().isPresent() && !source.sql()
                        ? new SqlGraph.Source(
                                source.label(),
                                Identifiers.identifier(source.view().orElseThrow()),
                                source.view(),
                                false)
                        : source)
                .toList();
        List<@Nullable Object> bound = new ArrayList<>();
        query.sql().bound().forEach(name -> bound.add(values.get(name)));
        return new Sql("select * from (\n" + over(sources, text) + "\n) answer", bound);
    }

    /** A name that stands for another view than the one of that name must not hide it from what is declared behind it. */
    private String over(List<SqlGraph.Source> sources, String text) {
        Set<String> labels = sources.stream()
                .map(source -> Identifiers.identifier(query.sql().meant(source.label())))
                .collect(Collectors.toSet());
        List<String> hidden = sources.stream()
                .map(SqlGraph.Source::relation)
                .filter(labels::contains)
                .distinct()
                .toList();
        if (hidden.isEmpty()) {
            return SqlViews.over(sources, query.sql(), text);
        }
        String kept = hidden.stream()
                .map(view -> asRead(hidden.indexOf(view)) + " as not materialized (select * from " + view + ")")
                .collect(Collectors.joining(",\n     "));
        List<SqlGraph.Source> over = sources.stream()
                .map(source -> hidden.contains(source.relation())
                        ? new SqlGraph.Source(
                                source.label(), asRead(hidden.indexOf(source.relation())), source.view(), source.sql())
                        : source)
                .toList();
        return "with " + kept + "\nselect * from (\n" + SqlViews.over(over, query.sql(), text) + "\n) kept";
    }

    /** No label can be this. */
    private static String asRead(int number) {
        return "\"rf:" + number + '"';
    }

    /** What is read as it was stored: the moments that it is complete for, by view. */
    Map<String, Instant> stored(Connection connection, SqlGraph graph) throws SQLException {
        Set<String> views = new LinkedHashSet<>(graph.named(query.sql()));
        graph.sources(query).stream()
                .filter(SqlGraph.Source::sql)
                .forEach(source -> views.add(source.view().orElseThrow()));
        return graph.watermarks(connection, views);
    }

    /** Whether it says that it reads tables which are no views: these are as they are now. */
    boolean readsTables(SqlGraph graph) {
        return graph.sources(query).stream().map(SqlGraph.Source::view).anyMatch(Optional::isEmpty);
    }
}
