package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The alert rules and the board that are installed with rf ask for nothing that rf does not write. */
class MonitoringFilesTest {

    private static final Path RULES = Path.of("dist/monitoring/rf-alerts.yml");
    private static final Path BOARD = Path.of("dist/monitoring/rf-grafana.json");
    private static final Pattern NAME = Pattern.compile("\\brf_[a-z_]+");
    private static final Pattern LINE = Pattern.compile("# (?:HELP rf_[a-z_]+ .+\\.|TYPE rf_[a-z_]+ (?:gauge|counter))"
            + "|rf_[a-z_]+(?:\\{[a-z]+=\"[^\"]*\"})? [0-9.]+");

    @TempDir
    private Path folder;

    @Test
    void everyMetricOfRulesAndBoardIsWritten() throws IOException, SQLException {
        Path views = folder.resolve("rf.prom");
        Path poller = folder.resolve("rf-poll.prom");
        try (TestDatabase database = TestPostgres.hapi880();
                TestRedis redis = TestRedis.start()) {
            CommandLineFixture rf = CommandLineFixture.rf()
                    .with(Map.of(
                            "HOME",
                            folder.toString(),
                            "PGPASSWORD",
                            database.password(),
                            "RF_DB_URL",
                            "postgresql://" + database.user() + "@" + database.host() + ":" + database.port() + "/"
                                    + database.database(),
                            "REDIS_URL",
                            redis.url()));
            assertThat(rf.run("views", "create", "patient_simple").code()).isZero();
            assertThat(rf.run("views", "refresh-all", "--metrics-file", views.toString())
                            .code())
                    .isZero();
            assertThat(rf.run("poll-fhir", "--metrics-file", poller.toString()).code())
                    .isZero();
        }
        assertThat(Stream.concat(Files.readAllLines(views).stream(), Files.readAllLines(poller).stream()))
                .allMatch(LINE.asMatchPredicate());
        assertThat(Files.readString(views))
                .contains(
                        "rf_run_views{outcome=\"ok\"} 1\n",
                        "rf_run_views{outcome=\"failed\"} 0\n",
                        "rf_run_changed{command=\"refresh-all\"} 0\n");
        assertThat(Files.readString(poller))
                .contains("rf_poll_up 1\n", "rf_poll_rounds_total 1\n", "rf_redis_up 1\n")
                .containsPattern("rf_redis_memory_bytes [1-9][0-9]+\n")
                .containsPattern("rf_redis_hits_total [0-9]+\n");
        Set<String> written = types(views);
        // The textfile collector refuses a metric that stands in two files.
        assertThat(types(poller)).isNotEmpty().doesNotContainAnyElementsOf(written);
        written.addAll(types(poller));
        assertThat(written).containsAll(named(Files.readString(RULES))).containsAll(named(Files.readString(BOARD)));
    }

    private static Set<String> types(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", 4)[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named(String text) {
        return NAME.matcher(text).results().map(found -> found.group()).collect(Collectors.toSet());
    }

    @Test
    void rulesHaveTheFormOfPrometheus() throws IOException {
        Object rules = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(RULES));
        for (Object group : list(rules, "groups")) {
            assertThat(list(group, "rules")).isNotEmpty().allSatisfy(rule -> {
                assertThat(names(rule)).contains("alert", "expr", "labels", "annotations");
                assertThat(names(Objects.requireNonNull(((Map<?, ?>) rule).get("annotations"))))
                        .containsExactly("summary", "runbook");
            });
        }
    }

    private static List<String> names(Object map) {
        return ((Map<?, ?>) map).keySet().stream().map(String::valueOf).toList();
    }

    private static List<?> list(Object holder, String name) {
        return (List<?>) Objects.requireNonNull(((Map<?, ?>) holder).get(name));
    }

    @Test
    void panelsOfTheBoardHaveQueriesAndDoNotOverlap() throws IOException {
        JsonNode board = new JsonMapper().readTree(Files.readString(BOARD));
        Set<String> cells = new TreeSet<>();
        for (JsonNode panel : board.get("panels")) {
            assertThat(panel.get("targets")).isNotEmpty();
            JsonNode place = panel.get("gridPos");
            for (int x = 0; x < place.get("w").asInt(); x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    assertThat(cells.add((place.get("x").asInt() + x) + "/"
                                    + (place.get("y").asInt() + y)))
                            .isTrue();
                }
            }
        }
        assertThat(cells).isNotEmpty();
    }
}
