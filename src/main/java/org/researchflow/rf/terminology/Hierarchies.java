package org.researchflow.rf.terminology;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.DescendantSql;
import org.researchflow.rf.cohort.Hierarchy;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.sql.Sql;

/** Finds the loaded hierarchy in which the codes below another one are to be looked for. */
public final class Hierarchies {

    /** So many letters of a code that is not there may be others than those of the one that was meant. */
    private static final int MISTYPED = 2;

    private Hierarchies() {}

    /**
     * The hierarchy for each of the codes, of the system that it names, or else the only one that has it.
     *
     * @throws Failure if there is none, or there are several
     */
    public static Map<Code, Hierarchy> of(Connection connection, List<Code> codes) throws SQLException {
        Map<Code, Hierarchy> found = new LinkedHashMap<>();
        if (codes.isEmpty()) {
            return found;
        }
        List<String> loaded = HierarchyStore.all(connection).stream()
                .map(HierarchyStore.Loaded::system)
                .toList();
        for (Code code : codes) {
            found.put(code, of(connection, code, loaded));
        }
        return found;
    }

    private static Hierarchy of(Connection connection, Code code, List<String> loaded) throws SQLException {
        if (loaded.isEmpty()) {
            throw Failure.usage("no hierarchy of codes is loaded, and " + code + " means the codes below one")
                    .note("try", "rf terminology load FILE")
                    .note("try", "the code alone: " + code.code());
        }
        List<String> asked = code.system().map(List::of).orElse(loaded);
        if (!loaded.containsAll(asked)) {
            throw HierarchyStore.unknown(asked.getFirst(), loaded);
        }
        List<String> having = having(connection, code.code(), asked);
        if (having.size() > 1) {
            throw Failure.usage("several loaded hierarchies have the code " + code.code())
                    .note("why", String.join(", ", having))
                    .note("try", "'" + new Code(Optional.of(having.getFirst()), code.code(), code.reach()) + "'");
        }
        if (having.isEmpty()) {
            throw unknown(connection, code, asked);
        }
        return new Hierarchy(having.getFirst(), count(connection, DescendantSql.codes(code, having.getFirst())));
    }

    private static List<String> having(Connection connection, String code, List<String> systems) throws SQLException {
        return texts(
                connection,
                "select system from sqlonfhir.code_hierarchy_concept where system = any (?) and code = ? order by 1",
                systems,
                code);
    }

    private static Failure unknown(Connection connection, Code code, List<String> systems) throws SQLException {
        Failure failure = Failure.usage("the code " + code.code() + " is not in the loaded hierarchy of "
                + String.join(", nor in that of ", systems));
        code.doubt().ifPresent(why -> failure.note("why", why));
        String beginning = code.code().substring(0, Math.max(0, code.code().length() - MISTYPED));
        List<String> near = texts(
                connection,
                "select code from sqlonfhir.code_hierarchy_concept where system = any (?) and starts_with(code, ?) limit 1000",
                systems,
                beginning);
        Suggestion.nearest(code.code(), near)
                .ifPresent(
                        other -> failure.note("did you mean", new Code(code.system(), other, code.reach()).toString()));
        return failure.note("try", "rf terminology list");
    }

    private static List<String> texts(Connection connection, String sql, List<String> systems, String text)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", systems.toArray()));
            statement.setString(2, text);
            try (ResultSet row = statement.executeQuery()) {
                List<String> texts = new ArrayList<>();
                while (row.next()) {
                    texts.add(row.getString(1));
                }
                return texts;
            }
        }
    }

    private static long count(Connection connection, Sql codes) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select count(*) from (" + codes.text() + ") as codes")) {
            for (int i = 0; i < codes.parameters().size(); i++) {
                statement.setObject(i + 1, codes.parameters().get(i));
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
