package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;

/** With {@code --min-cell N} no number of patients from 1 to N-1 is told, nor one from which such a number follows. */
class SmallCellsTest {

    private static final int QUESTIONS = Integer.getInteger("rf.oracle.cells", 40);

    /** Members of an answer that are no numbers of patients. */
    private static final Set<String> NO_PATIENTS =
            Set.of("timingsMs", "stalenessHours", "watermark", "asOf", "criterion", "below", "schema", "sql", "year");

    private static final Pattern NUMBER_AT_END = Pattern.compile("(?:^|\\s)(\\d+)$");

    private static TestDatabase database;
    private static List<PatientRecord> patients;

    @BeforeAll
    static void create() throws SQLException {
        database = Hapi.withViews();
        // Some changes, so that there are sides.
        String which = "res_type = 'Patient' and res_deleted_at is null and res_id % 9 = 0";
        database.execute(
                "update hfj_res_ver set res_text_vc = jsonb_set(res_text_vc::jsonb, '{gender}', '\"female\"')::text"
                        + " where res_id in (select res_id from hfj_resource where " + which + ")");
        database.execute("update hfj_resource set res_updated = res_updated where " + which);
        patients = PatientRecord.all(database);
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(QUESTIONS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noSmallNumberIsTold(long seed) {
        Random random = new Random(seed);
        List<String> question = new ArrayList<>(List.of("query"));
        CohortOracleTest.flags(seed, patients).forEach(asked -> question.addAll(asked.flags()));
        int least = 2 + random.nextInt(30);
        question.addAll(List.of("--min-cell", String.valueOf(least)));
        List<String> kind = switch (random.nextInt(6)) {
            case 0 -> List.of("--explain");
            case 1 -> List.of("--count-by-view");
            case 2 -> List.of("--by", "gender,age-band");
            case 3 -> List.of("--by", random.nextBoolean() ? "code" : "gender,year");
            case 4 -> List.of("--ids");
            default -> List.of("--rows", "--columns", "id");
        };
        question.addAll(kind);
        Ended table = Rf.on(database).run(question.toArray(String[]::new)).done();
        for (String line : table.out().lines().toList()) {
            Matcher number = NUMBER_AT_END.matcher(line);
            if (number.find() && !line.contains("--")) {
                requireNotSmall(Long.parseLong(number.group(1)), least, question + "\n" + table.out());
            }
        }
        question.addAll(List.of("-o", "json"));
        JsonNode answer = Rf.on(database).run(question.toArray(String[]::new)).json();
        require(answer, least, question + "\n" + answer);
        for (String list : List.of("ids", "rows")) {
            if (answer.has(list)) {
                requireNotSmall(
                        new HashSet<>(answer.get(list).findValuesAsText(list.equals("ids") ? "patient_id" : "id"))
                                .size(),
                        least,
                        question + "\n" + answer);
            }
        }
        if (kind.equals(List.of("--explain"))) {
            List<Long> told = new ArrayList<>();
            answer.get("explanation").findValues("left").stream()
                    .filter(JsonNode::isNumber)
                    .forEach(left -> told.add(left.asLong()));
            if (answer.get("count").isNumber()) {
                told.add(answer.get("count").asLong());
            }
            for (long one : told) {
                told.forEach(other -> requireNotSmall(Math.abs(one - other), least, question + "\n" + answer));
            }
        }
        if (answer.has("cells")
                && answer.get("count").isNumber()
                && !answer.get("overlapping").asBoolean()) {
            long rest = answer.get("count").asLong();
            for (JsonNode cell : answer.get("cells")) {
                rest -= cell.get("patients").asLong();
            }
            requireNotSmall(rest, least, question + "\n" + answer);
        }
    }

    private static void require(JsonNode node, int least, String what) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (NO_PATIENTS.contains(member.getKey())) {
                continue;
            }
            if (member.getValue().isNumber()) {
                requireNotSmall(member.getValue().asLong(), least, what);
            }
            require(member.getValue(), least, what);
        }
        for (JsonNode item : node.isArray() ? node : List.<JsonNode>of()) {
            if (item.isTextual()) {
                Matcher number = Pattern.compile("^(\\d+) ").matcher(item.asText());
                if (number.find()) {
                    requireNotSmall(Long.parseLong(number.group(1)), least, what);
                }
            } else {
                require(item, least, what);
            }
        }
    }

    private static void requireNotSmall(long number, int least, String what) {
        assertThat(number > 0 && number < least).as(number + " of " + what).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "json", "ndjson", "csv"})
    void smallCountIsNotTold(String format) {
        Ended ended = Rf.on(database)
                .run("query", "--gender", "male", "--code", "73211009", "--min-cell", "11", "-o", format)
                .done();
        assertThat(ended.out())
                .containsAnyOf("<11\n", "\"count\":null,\"below\":11", "count,below")
                .doesNotContain("\"counts\"", "counts.batch", "in the views, as of");
    }

    @Test
    void settingAppliesWithoutTheFlag() {
        Rf rf = Rf.on(database).with("RF_MIN_CELL", "1000");
        assertThat(rf.run("query", "-o", "json").json().get("count").isNull()).isTrue();
        assertThat(rf.run("query", "-o", "json", "--min-cell", "2")
                        .json()
                        .get("count")
                        .isNumber())
                .isTrue();
        assertThat(rf.run("query", "--view", "patient_simple").failed(2).err()).contains("RF_MIN_CELL");
    }

    @Test
    void fewKeysAndRowsAreNotPrinted() {
        for (String listing : List.of("--ids", "--rows")) {
            Ended ended = Rf.on(database)
                    .run(
                            "query",
                            "--gender",
                            "male",
                            "--code",
                            "73211009",
                            listing,
                            "--min-cell",
                            "1000",
                            "-o",
                            "ndjson")
                    .done();
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).contains("of fewer than 1000 patients nothing is told");
        }
    }

    /** The sides of what is counted apart are those of the count. */
    @Test
    void cellsTellTheSidesAsTheCountDoes() {
        JsonNode count =
                Rf.on(database).run("query", "--gender", "female", "-o", "json").json();
        assertThat(count.get("counts").get("speed").asLong()).isPositive();
        JsonNode cells = Rf.on(database)
                .run("query", "--gender", "female", "--by", "age-band", "-o", "json")
                .json();
        assertThat(cells.get("counts")).isEqualTo(count.get("counts"));
        assertThat(Rf.on(database)
                        .run("query", "--gender", "female", "--by", "age-band")
                        .done()
                        .out())
                .contains("newer, from the server's tables");
        assertThat(Rf.on(database)
                        .run("query", "--gender", "female", "--by", "age-band", "-o", "json", "--min-cell", "1000")
                        .json()
                        .has("counts"))
                .isFalse();
    }

    @Test
    void zeroIsTold() {
        Ended ended = Rf.on(database).run("query", "--birthdate", "1700", "--min-cell", "11", "-o", "json");
        assertThat(ended.json().get("count").asLong()).isZero();
    }
}
