package org.researchflow.rf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, with JDKs that only say how they were started. */
class LauncherTest {

    /** What a run of the launcher left behind. */
    private record Run(int exit, String out, String err) {}

    @TempDir
    Path folder;

    private Path rf;
    private Path jvms;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void installWithoutAnyJava() throws IOException {
        folder = folder.toRealPath();
        jvms = Files.createDirectories(folder.resolve("jvms"));
        rf = copy("bin/rf", text -> text);
        assertThat(rf.toFile().setExecutable(true)).isTrue();
        copy(
                "libexec/java.sh",
                text -> text.replace("/usr/lib/jvm/*", jvms + "/*")
                        .replaceAll("/Library/\\S+/\\*/", folder + "/none/*/"));
        Files.createDirectories(folder.resolve("rf/lib"));
        Files.createFile(folder.resolve("rf/lib/rf.jar"));
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("readlink", "locale")) {
            script(tools.resolve(tool), "exec /usr/bin/" + tool + " \"$@\"");
        }
        environment.put("PATH", tools.toString());
        environment.put("HOME", folder.toString());
        environment.put("LC_ALL", "C.UTF-8");
    }

    private Path copy(String file, UnaryOperator<String> change) throws IOException {
        Path copy = folder.resolve("rf").resolve(file);
        Files.createDirectories(copy.getParent());
        return Files.writeString(
                copy, change.apply(Files.readString(Path.of("dist").resolve(file))));
    }

    private static Path jdk(Path home, String version) throws IOException {
        script(
                Files.createDirectories(home.resolve("bin")).resolve("java"),
                "printf '%s\\n' \"java=$0\" \"LC_ALL=$LC_ALL\" \"$@\"; exit 3");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void script(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Run run(Path command, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command.toString()));
        words.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        ProcessBuilder process =
                new ProcessBuilder(words).directory(folder.toFile()).redirectError(err.toFile());
        process.environment().clear();
        process.environment().putAll(environment);
        Process running = process.start();
        String out = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(running.waitFor(), out, Files.readString(err));
    }

    @Test
    void becomesJavaWithTheArgumentsAsTheyAre() throws Exception {
        Path home = jdk(jvms.resolve("temurin-25"), "25.0.3");
        Run run = run(rf, "query", "--text", "Stäbe  *", "");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.out())
                .startsWith("java=" + home + "/bin/java\n")
                .endsWith("-cp\n" + folder + "/rf/lib/rf.jar:" + folder
                        + "/rf/lib/more/*\norg.researchflow.rf.cli.Main\n" + "query\n--text\nStäbe  *\n\n");
    }

    @Test
    void findsItsJarsThroughLinks() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        Path relative = Files.createSymbolicLink(folder.resolve("one"), Path.of("rf/bin/rf"));
        Path spaced = Files.createDirectories(folder.resolve("a b"));
        Path absolute = Files.createSymbolicLink(spaced.resolve("two"), relative);
        assertThat(run(absolute).out()).contains("-cp\n" + folder + "/rf/lib/rf.jar:");
    }

    @Test
    void takesTheFirstJavaThatIsNewEnough() throws Exception {
        Path folderJava = jdk(jvms.resolve("b-26"), "26-ea");
        jdk(jvms.resolve("a-8"), "1.8.0_392");
        assertThat(run(rf).out()).startsWith("java=" + folderJava + "/");

        Path inPath = jdk(folder.resolve("inPath"), "25.0.1");
        Files.createSymbolicLink(folder.resolve("tools/java"), inPath.resolve("bin/java"));
        assertThat(run(rf).out()).startsWith("java=" + inPath + "/");

        environment.put("JAVA_HOME", jdk(folder.resolve("seventeen"), "17.0.15").toString());
        assertThat(run(rf).out()).startsWith("java=" + inPath + "/");

        Path javaHome = jdk(folder.resolve("javaHome"), "25");
        environment.put("JAVA_HOME", javaHome.toString());
        assertThat(run(rf).out()).startsWith("java=" + javaHome + "/");

        Path chosen = jdk(folder.resolve("chosen"), "25");
        environment.put("RF_JAVA", chosen + "/bin/java");
        assertThat(run(rf).out()).startsWith("java=" + chosen + "/");
    }

    @Test
    void saysWhichJavaIsTooOld() throws Exception {
        Path old = jdk(jvms.resolve("a-17"), "17.0.15");
        Run run = run(rf);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("rf: Java 25 or later is needed, and none was found\n")
                .contains("Java 17 (" + old + ")")
                .contains("RF_JAVA=/path/to/jdk-25");
    }

    @Test
    void aChosenJavaIsNotReplacedByAnother() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        environment.put("RF_JAVA", jdk(folder.resolve("old"), "21.0.1").toString());
        Run run = run(rf);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("rf: RF_JAVA is no Java 25 or later: " + folder + "/old\n");
    }

    @Test
    void saysWhatToRunWhenNothingIsBuilt() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        Files.delete(folder.resolve("rf/lib/rf.jar"));
        Run run = run(rf);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("run: make build");
    }

    @Test
    void shortCommandsAreTunedForAShortLife() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        assertThat(run(rf, "views", "list").out()).contains("-XX:TieredStopAtLevel=1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "poll-fhir"})
    void longCommandsAreNot(String command) throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        assertThat(run(rf, "--sandbox", command).out()).doesNotContain("TieredStopAtLevel", "UseSerialGC");
    }

    @Test
    void crashLeavesNoCoreFile() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        assertThat(run(rf, "poll-fhir").out()).contains("\n-XX:-CreateCoredumpOnCrash\n");
    }

    @Test
    void loadHasLittleMemory() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        assertThat(run(rf, "load", "export").out()).contains("-Xmx168m\n").doesNotContain("TieredStopAtLevel");
    }

    @Test
    void ownJavaOptionsComeLast() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        environment.put("RF_JAVA_OPTS", "-Xmx64m -Dx=y");
        assertThat(run(rf).out()).contains("\n-Xmx64m\n-Dx=y\n-cp\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "xx_XX.UTF-8"})
    void aLocaleThatWouldLoseLettersIsReplaced(String locale) throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        environment.put("LC_ALL", locale);
        assertThat(run(rf).out()).contains("LC_ALL=C.UTF-8\n");
    }

    private Path cacheFor(String java) throws IOException {
        for (String tool : List.of("mkdir", "rm")) {
            script(folder.resolve("tools").resolve(tool), "exec /bin/" + tool + " \"$@\"");
        }
        environment.put("XDG_CACHE_HOME", folder.resolve("user cache").toString());
        Files.writeString(folder.resolve("rf/lib/rf.id"), "0123abcd\n");
        Path cache = Files.createDirectories(folder.resolve("rf/cache"));
        return Files.createFile(cache.resolve("rf-0123abcd-" + java + "-views.aot"));
    }

    private static void build(Path home, String build) throws IOException {
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Eclipse Adoptium\"\nJAVA_RUNTIME_VERSION=\"" + build + "\"\nJAVA_VERSION=\"25.0.3\"\n");
    }

    @Test
    void startsFromTheCacheOfThisJarAndThisBuildOfJava() throws Exception {
        Path home = jdk(jvms.resolve("temurin-25"), "25.0.3");
        build(home, "25.0.3+9-LTS");
        Path cache = cacheFor("Eclipse-25.0.3+9-LTS");
        assertThat(run(rf, "views", "list").out()).contains("-XX:AOTCache=" + cache + "\n", "-Drf.cache=aot\n");
        assertThat(run(rf, "poll-fhir").out()).doesNotContain("AOTCache");
        Path other = Files.createFile(cache.resolveSibling("rf-0123abcd-Eclipse-25.0.3+9-LTS-query.aot"));
        assertThat(run(rf, "query").out()).contains("-XX:AOTCache=" + other + "\n", "-Drf.cache=aot\n");
        // What is asked every day needs none of the other jars, each of which Java would open.
        String alone = "-cp\n" + folder + "/rf/lib/rf.jar\n";
        assertThat(run(rf, "query").out()).contains(alone);
        assertThat(run(rf, "views", "list").out()).contains(alone);
        assertThat(run(rf, "views", "list", "--sandbox").out()).doesNotContain(alone);
        assertThat(run(rf, "views", "refresh-all").out()).doesNotContain(alone);

        build(home, "25.0.4+1");
        assertThat(run(rf, "views", "list").out())
                .doesNotContain("AOTCache")
                .contains(
                        "-XX:SharedArchiveFile=" + folder + "/user cache/rf/rf-0123abcd-Eclipse-25.0.4+1.jsa\n",
                        "-XX:+AutoCreateSharedArchive\n",
                        "-Drf.cache=cds\n");
    }

    @Test
    void cacheOfAnotherJarIsNotUsed() throws Exception {
        build(jdk(jvms.resolve("temurin-25"), "25.0.3"), "25.0.3+9-LTS");
        cacheFor("Eclipse-25.0.3+9-LTS");
        Files.setLastModifiedTime(folder.resolve("rf/lib/rf.id"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(run(rf, "views", "list").out())
                .contains("-Drf.cache=none\n")
                .doesNotContain("AOTCache", "SharedArchive");
        Files.writeString(folder.resolve("rf/lib/rf.id"), "other\n");
        assertThat(run(rf, "views", "list").out()).contains("rf-other-").doesNotContain("AOTCache");
    }

    @Test
    void ownRuntimeComesBeforeOthers() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        Path own = jdk(folder.resolve("rf/runtime"), "25.0.3");
        assertThat(run(rf).out()).startsWith("java=" + own + "/");
        environment.put("RF_JAVA", jdk(folder.resolve("chosen"), "26").toString());
        assertThat(run(rf).out()).startsWith("java=" + folder + "/chosen/");
    }

    @Test
    void saysItsVersionWithoutAnyJava() throws Exception {
        Files.writeString(folder.resolve("rf/lib/rf.version"), "1.2.3\n");
        assertThat(run(rf, "--version")).isEqualTo(new Run(0, "rf 1.2.3\n", ""));
        assertThat(run(rf, "-V")).isEqualTo(new Run(0, "rf 1.2.3\n", ""));
        assertThat(run(rf, "views", "--version").exit()).isEqualTo(2);
    }

    @Test
    void tellsWhichStreamsAreTerminals() throws Exception {
        jdk(jvms.resolve("temurin-25"), "25");
        assertThat(run(rf).out())
                .contains("-Drf.stdin.tty=false\n", "-Drf.stdout.tty=false\n", "-Drf.stderr.tty=false\n")
                .doesNotContain("--enable-native-access");
        assertThat(run(rf, "sandbox", "start").out()).contains("--enable-native-access=ALL-UNNAMED\n");
    }
}
