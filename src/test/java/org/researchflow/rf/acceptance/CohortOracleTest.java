package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** Random questions get the patients that loops over the resources find: those who certainly meet them, and who may. */
class CohortOracleTest {

    private static final int QUESTIONS = Integer.getInteger("rf.oracle.questions", 100);
    private static final long SEED = Long.getLong("rf.soak.seed", 1000L);

    /** Computing views takes a second a question: every so many are asked that way, too. */
    private static final int ON_THE_FLY = Integer.getInteger("rf.oracle.onTheFly", 5);

    private static TestDatabase database;
    private static List<PatientRecord> patients;

    @BeforeAll
    static void create() throws SQLException {
        database = TestPostgres.hapi880();
        String quantity = "body ? 'valueQuantity'";
        String onset = "body ? 'onsetDateTime'";
        makeOdd("Observation", 3, "'{valueQuantity,comparator}', '\"<\"'", quantity);
        makeOdd("Observation", 7, "'{valueQuantity,comparator}', '\">=\"'", quantity);
        makeOdd(
                "Observation",
                5,
                "'{effectivePeriod}', jsonb_build_object('start', body -> 'effectiveDateTime')",
                "body ? 'effectiveDateTime'");
        database.execute("""
                update hfj_res_ver
                   set res_text_vc = (res_text_vc::jsonb - 'effectiveDateTime')::text
                 where res_text_vc is not null and res_text_vc::jsonb ? 'effectivePeriod'
                """);
        makeOdd("Observation", 11, "'{status}', '\"entered-in-error\"'", "true");
        makeOdd("Condition", 5, "'{verificationStatus,coding,0,code}', '\"entered-in-error\"'", "true");
        makeOdd("Condition", 7, "'{onsetDateTime}', to_jsonb(left(body ->> 'onsetDateTime', 7))", onset);
        makeOdd("Condition", 11, "'{onsetDateTime}', to_jsonb(left(body ->> 'onsetDateTime', 4))", onset);
        makeOdd("Procedure", 5, "'{performedPeriod}', '{}'", "true");
        database.execute(
                "update hfj_resource set res_deleted_at = now() where res_type = 'Medication' and res_id % 5 = 0");
        database.execute("analyze");
        Rf.on(database).run("views", "create-all").done();
        Rf.on(database).run("views", "create-all", "--pack", "more").done();
        patients = PatientRecord.all(database);
    }

    /** Gives every so many resources what the sample lacks: comparators, partial dates, records made in error. */
    private static void makeOdd(String type, int oneOf, String change, String where) throws SQLException {
        database.execute("""
                update hfj_res_ver v
                   set res_text_vc = jsonb_set(body, %s)::text
                  from (select pid, res_text_vc::jsonb as body from hfj_res_ver where res_text_vc is not null) b
                 where b.pid = v.pid and v.res_id %% %d = 0 and %s
                   and v.res_id in (select res_id from hfj_resource where res_type = '%s' and res_deleted_at is null)
                """.formatted(change, oneOf, where, type));
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    static Stream<Long> seeds() {
        return LongStream.range(SEED, SEED + QUESTIONS).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void countsAreThoseOfLoopsOverTheResources(long seed) {
        List<Asked> question = flags(seed, patients);
        List<String> args = new ArrayList<>(List.of("query", "-o", "json", "--runner", "materialized"));
        question.forEach(asked -> args.addAll(asked.flags()));
        requireEqual(database, patients, question, args);
        if (seed % ON_THE_FLY == 0) {
            args.set(args.indexOf("materialized"), "postgres");
            requireEqual(database, patients, question, args);
            args.set(args.indexOf("postgres"), "hybrid");
            requireEqual(database, patients, question, args);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void groupsOfAFileCountAsLoopsDo(long seed, @TempDir Path folder) throws IOException {
        Random random = new Random(-seed);
        Asked tree = tree(random, new Asking(random, patients), 0);
        Path file = folder.resolve("cohort.json");
        Files.writeString(file, tree.json());
        requireEqual(
                database,
                patients,
                List.of(tree),
                new ArrayList<>(List.of("query", "-o", "json", "--runner", "materialized", "-f", file.toString())));
    }

    /** A criterion, or a group of such. */
    private static Asked tree(Random random, Asking asking, int depth) {
        if (depth > 0 && random.nextInt(depth + 1) > 0) {
            return leaf(random, asking);
        }
        List<Asked> members = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            members.add(tree(random, asking, depth + 1));
        }
        String kind = List.of("all", "any", "none").get(random.nextInt(3));
        return new Asked(
                List.of(),
                "{\"" + kind + "\": [" + members.stream().map(Asked::json).collect(Collectors.joining(", ")) + "]}",
                patient -> {
                    Stream<Truth> truths =
                            members.stream().map(member -> member.meaning().apply(patient));
                    return switch (kind) {
                        case "all" -> truths.reduce(Truth.YES, Truth::and);
                        case "any" -> truths.reduce(Truth.NO, Truth::or);
                        default -> truths.reduce(Truth.NO, Truth::or).not();
                    };
                });
    }

    private static Asked leaf(Random random, Asking asking) {
        List<String> statuses = List.of("active", "resolved", "confirmed", "entered-in-error");
        return switch (random.nextInt(9)) {
            case 0 -> asking.gender();
            case 1 -> asking.age();
            case 2 -> asking.birth();
            case 3 -> asking.death();
            case 4 -> asking.condition("", asking.narrowing(statuses));
            case 5 ->
                asking.coded(
                        "",
                        "medication",
                        "MedicationRequest",
                        "medicationCodeableConcept.coding",
                        asking.narrowing(List.of("stopped", "active")),
                        "authoredOn");
            case 6 ->
                asking.coded(
                        "",
                        "procedure",
                        "Procedure",
                        "code.coding",
                        asking.narrowing(List.of("completed", "stopped")),
                        "performedDateTime",
                        "performedPeriod.start");
            case 7 ->
                asking.coded(
                        "",
                        "encounter",
                        "Encounter",
                        "type.coding",
                        asking.narrowing(List.of("finished", "planned")),
                        "period.start");
            default -> asking.lab("", asking.narrowing(List.of("final", "entered-in-error")));
        };
    }

    /** Requires that the arguments get the patients for whom all that is asked is true. */
    static void requireEqual(
            TestDatabase database, List<PatientRecord> patients, List<Asked> question, List<String> args) {
        List<String> certain = new ArrayList<>();
        long open = 0;
        for (PatientRecord patient : patients) {
            Truth truth = Truth.YES;
            for (Asked asked : question) {
                truth = truth.and(asked.meaning().apply(patient));
            }
            open += truth == Truth.OPEN ? 1 : 0;
            if (truth == Truth.YES) {
                certain.add(patient.id());
            }
        }
        JsonNode answer = Rf.on(database).run(args.toArray(String[]::new)).json();
        String asked = String.join(" ", args) + question.getFirst().json();
        assertThat(answer.get("count").asLong()).as(asked).isEqualTo(certain.size());
        assertThat(answer.path("undecided").asLong()).as(asked).isEqualTo(open);
        List<String> ids = new ArrayList<>(args);
        ids.add("--ids");
        assertThat(Rf.on(database)
                        .run(ids.toArray(String[]::new))
                        .json()
                        .get("ids")
                        .findValuesAsText("patient_id"))
                .as(asked)
                .containsExactlyInAnyOrderElementsOf(certain);
    }

    /** Some of all criteria that there are; all events of a question are narrowed alike. */
    static List<Asked> flags(long seed, List<PatientRecord> patients) {
        Random random = new Random(seed);
        Asking asking = new Asking(random, patients);
        List<Asked> events = new ArrayList<>();
        List<String> statuses = List.of("active", "resolved", "confirmed", "recurrence");
        int kind = random.nextInt(6);
        Asking.Narrowing narrowing =
                asking.narrowing(kind < 3 ? statuses : kind == 3 ? List.of("stopped", "active") : List.of("completed"));
        List<Asked> question = new ArrayList<>();
        switch (kind) {
            case 0 -> events.add(asking.condition("", narrowing));
            case 1 -> {
                events.add(asking.condition("", narrowing));
                events.add(asking.condition("and-", narrowing));
            }
            case 2 -> {
                events.add(asking.condition("", narrowing));
                events.add(not(asking.condition("not-", narrowing.once())));
            }
            case 3 ->
                events.add(asking.coded(
                        "",
                        "medication",
                        "MedicationRequest",
                        "medicationCodeableConcept.coding",
                        narrowing,
                        "authoredOn"));
            case 4 ->
                events.add(asking.coded(
                        "",
                        "procedure",
                        "Procedure",
                        "code.coding",
                        narrowing,
                        "performedDateTime",
                        "performedPeriod.start"));
            default -> {
                Asking.Narrowing other =
                        new Asking.Narrowing(narrowing.since(), narrowing.until(), List.of(), narrowing.atLeast());
                events.add(asking.lab("", other));
                events.add(not(
                        asking.coded("not-", "encounter", "Encounter", "type.coding", other.once(), "period.start")));
                narrowing = other;
            }
        }
        if (random.nextInt(2) == 0) {
            question.add(asking.gender());
        }
        if (random.nextInt(3) == 0) {
            question.add(asking.age());
        }
        if (random.nextInt(4) == 0) {
            question.add(asking.birth());
        }
        if (random.nextInt(4) == 0) {
            question.add(asking.death());
        }
        question.addAll(events);
        question.add(new Asked(narrowing.flags(), "", _ -> Truth.YES));
        return question;
    }

    private static Asked not(Asked asked) {
        return new Asked(
                asked.flags(),
                asked.json(),
                patient -> asked.meaning().apply(patient).not());
    }
}
