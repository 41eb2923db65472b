package org.researchflow.rf.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.Soak;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.sql.reference.RandomResource;
import org.researchflow.rf.sql.reference.RandomView;
import org.researchflow.rf.sql.reference.ViewEvaluator;

/**
 * Compiled views give the rows that the specification's algorithm gives, for random views and resources.
 */
class DifferentialTest {

    private static final int RESOURCES = 8;
    private static final int VIEWS = 200;
    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        connection = TestPostgres.empty().connect();
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    static LongStream seeds() {
        return Soak.seeds(8);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void compiledRowsAreTheRowsOfTheSpecification(long seed) throws SQLException, IOException {
        Random random = new Random(seed);
        RandomResource resources = new RandomResource(random);
        RandomView views = new RandomView(random);
        for (int v = 0; v < VIEWS; v++) {
            boolean patients = random.nextBoolean();
            ArrayNode all = CompiledRows.JSON.createArrayNode();
            for (int i = 0; i < RESOURCES; i++) {
                all.add(patients ? resources.patient(i) : resources.questionnaireResponse(i));
            }
            ObjectNode view = views.view(patients ? "Patient" : "QuestionnaireResponse");
            check("view " + v + "\n" + view.toPrettyString(), view, all);
        }
    }

    private static void check(String what, ObjectNode view, ArrayNode resources) throws SQLException, IOException {
        List<String> expected = new ArrayList<>();
        boolean raises = false;
        for (JsonNode resource : resources) {
            try {
                ViewEvaluator.rows(view, resource).forEach(row -> expected.add(new TreeMap<>(row).toString()));
            } catch (ViewEvaluator.SeveralValues e) {
                raises = true;
            } catch (ViewEvaluator.TooManyRows e) {
                return;
            }
        }
        CompiledRows compiled;
        try {
            compiled = CompiledRows.of(view.toPrettyString(), resources.toString(), connection);
        } catch (SQLException e) {
            // The evaluator looks at everything; PostgreSQL may see an error in what the evaluator found first.
            assertThat(raises && Raised.in(String.valueOf(e.getMessage())).isPresent())
                    .as("%s\n%s\n%s", what, resources, e.getMessage())
                    .isTrue();
            return;
        }
        // What nobody needs PostgreSQL need not evaluate, so that an error may go unseen.
        if (!raises) {
            List<String> actual = compiled.rows().stream()
                    .map(DifferentialTest::sorted)
                    .sorted()
                    .toList();
            assertThat(actual)
                    .as("%s\n%s\n%s", what, resources, compiled.sql())
                    .isEqualTo(expected.stream().sorted().toList());
        }
    }

    private static String sorted(JsonNode row) {
        Map<String, JsonNode> members = new TreeMap<>();
        row.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members.toString();
    }
}
