package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code rf demo} tells its story as often as one likes, and the sandbox is there for whoever asks for it.
 */
@DisabledIfSystemProperty(
        named = "embedded.postgres.binaries.version",
        matches = "1[4-6]\\..*",
        disabledReason = "the sandbox wants the locale provider that PostgreSQL has had since 17")
class SandboxStoryTest {

    private static final String[] MEN_WITH_DIABETES = {"query", "--gender", "male", "--code", "73211009", "-o", "json"};

    @TempDir
    private static Path home;

    private static Ended first;

    @BeforeAll
    static void demo() {
        first = unconfigured().run("demo");
    }

    @AfterAll
    static void stop() {
        unconfigured().run("sandbox", "stop");
    }

    private static Rf unconfigured() {
        return Rf.with(Map.of("HOME", home.toString())).at(home);
    }

    /** Where another database is configured, which does not answer. */
    private static Rf configured() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String url = "postgresql://rf@127.0.0.1:" + free.getLocalPort() + "/hapi";
            return Rf.with(Map.of("HOME", home.toString(), "RF_DB_URL", url)).at(home);
        }
    }

    private static long count(JsonNode answer) {
        return answer.get("count").asLong();
    }

    @Test
    void demoEndsWithAnAnswerAndThreeCommandsToTry() {
        assertThat(first.done().out())
                .containsPattern("gender = male and condition 73211009 +30\n")
                .contains("complete as of", "Try:\n  rf --sandbox ");
        assertThat(first.out().lines().filter(line -> line.startsWith("  rf --sandbox ")))
                .hasSize(3);
        assertThat(first.err()).contains("Loading 131 synthetic patients", "Checking 7 views");
    }

    @Test
    void commandsThatTheDemoNamesWork() {
        List<String> commands = first.out()
                .lines()
                .filter(line -> line.startsWith("  rf --sandbox "))
                .map(line -> line.strip().substring("rf ".length()))
                .toList();
        for (String command : commands) {
            Ended ended = unconfigured().run(words(command)).done();
            assertThat(ended.out()).as(command).isNotBlank();
            assertThat(ended.err()).as(command).isEmpty();
        }
    }

    /** As a shell would split it. */
    private static String[] words(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("'([^']*)'|(\\S+)").matcher(command);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        return words.toArray(String[]::new);
    }

    @Test
    void demoCanBeRunAgainWhateverIsConfigured() throws IOException {
        Ended again = configured().run("demo").done();
        assertThat(again.out()).containsPattern("gender = male and condition 73211009 +30\n");
        assertThat(again.err()).doesNotContain("Loading").contains("unchanged");
        assertThat(count(configured().run("demo", "-o", "json").json())).isEqualTo(30);
    }

    @Test
    void sandboxOptionBeatsAConfiguredDatabase() throws IOException {
        configured().run(MEN_WITH_DIABETES).failed(5);
        Rf configured = configured();
        String[] inSandbox = Arrays.copyOf(MEN_WITH_DIABETES, MEN_WITH_DIABETES.length + 1);
        inSandbox[MEN_WITH_DIABETES.length] = "--sandbox";
        assertThat(count(configured.run(inSandbox).json())).isEqualTo(30);
    }

    @Test
    void runningSandboxIsUsedWhereNothingIsConfiguredAndThatIsSaid() {
        Ended ended = unconfigured()
                .run("query", "--gender", "male", "--code", "73211009")
                .done();
        assertThat(ended.err()).contains("using the sandbox, since no database is configured");
        assertThat(count(unconfigured().run(MEN_WITH_DIABETES).json())).isEqualTo(30);
        assertThat(unconfigured().run("sandbox", "status").done().out()).contains("runs on 127.0.0.1:");
    }

    @Test
    void withoutDatabaseAndSandboxTheWaysOutAreNamed(@TempDir Path elsewhere) {
        Ended ended =
                Rf.with(Map.of("HOME", elsewhere.toString())).at(elsewhere).run("views", "list");
        assertThat(ended.failed(5).err())
                .contains("no database is configured, and the sandbox is not running")
                .contains("rf demo", "rf sandbox start", "RF_DB_URL=postgresql://");
        assertThat(elsewhere.resolve("rf")).doesNotExist();
    }
}
