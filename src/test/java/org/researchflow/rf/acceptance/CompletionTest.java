package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** What the tabulator does in real shells, with names that commands found in a database before. */
class CompletionTest {

    /** What is typed before the tabulator, and what it offers; a line that ends there has nothing of a new word. */
    private static final String TYPED = """
            rf vie|views
            rf views re|refresh refresh-all refresh-stale
            rf views refresh con|condition_simple
            rf views refresh --jobs 2 con|condition_simple
            rf views sql encounter|encounter_simple
            rf query --view patient_d|patient_demographics
            rf query run dia|diabetics
            rf bench --query dia|diabetics
            rf terminology drop ic|icd10
            rf query --runner mat|materialized
            rf query --runner=mat|materialized
            rf query --code snom|snomed|
            rf query --gender fem|female
            rf -o nd|ndjson
            rf config show database.po|database.port
            rf --profile nigh|nightly
            rf help views li|list
            rf completion |bash fish zsh
            rf views list --qui|--quiet
            rf views validate docs/examples/body|docs/examples/body_weight.json
            """;

    @TempDir
    private static Path folder;

    private static TestDatabase database;
    private static PackagedRf shell;
    private static Rf rf;

    @BeforeAll
    static void create() throws IOException, SQLException {
        database = TestPostgres.hapi880();
        // With a Java it would not start: the tabulator has to do without.
        shell = PackagedRf.in(folder).on(database).with("RF_JAVA", "/nowhere");
        rf = Rf.on(database)
                .with("HOME", folder.toString())
                .with("XDG_CACHE_HOME", folder.resolve("cache").toString())
                .with("XDG_CONFIG_DIRS", folder.resolve("none").toString());
        Path config = folder.resolve(".config/rf/config.toml");
        Files.createDirectories(config.resolveSibling("."));
        Files.writeString(config, "[profile.nightly]\n[profile.nightly.views]\nmax_duration = \"1m\"\n");
        Files.setLastModifiedTime(config, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Path codes = Files.writeString(folder.resolve("codes.csv"), "code,parent\nE11,E10-E14\n");
        rf.run("views", "create-all").done();
        rf.run("query", "save", "diabetics", "--code", "44054006").done();
        rf.run("terminology", "load", codes.toString(), "--system", "icd10").done();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static Map<String, List<String>> typed() {
        Map<String, List<String>> typed = new LinkedHashMap<>();
        TYPED.lines().forEach(line -> {
            int bar = line.indexOf('|');
            typed.put(line.substring(0, bar), List.of(line.substring(bar + 1).split(" ", -1)));
        });
        return typed;
    }

    /** Runs a script of that shell, which says for each line of what is typed what is offered. */
    private static Map<String, List<String>> offered(String program, String script, Stream<String> lines)
            throws IOException, InterruptedException {
        assumeTrue(shell.shell("command -v " + program.split(" ", 2)[0]).code() == 0, program + " is not installed");
        Path file = Files.writeString(folder.resolve("typing"), script);
        Path input = Files.write(folder.resolve("typed"), lines.toList());
        Ended ended = shell.with("TYPED", input.toString())
                .shell(program + " " + file)
                .done();
        assertThat(ended.err()).isEmpty();
        return ended.out()
                .lines()
                .map(line -> line.split(" => ", 2))
                .collect(Collectors.toMap(
                        parts -> parts[0],
                        parts -> Arrays.stream(parts[1].split(" "))
                                .distinct()
                                .sorted()
                                .toList()));
    }

    @Test
    void bashOffersWhatFits() throws Exception {
        String script = """
                source completions/rf.bash
                while IFS= read -r line; do
                    COMP_WORDS=(${line//=/ = })
                    [[ $line != *' ' ]] || COMP_WORDS+=('')
                    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                    _rf
                    echo "$line => ${COMPREPLY[*]//\\\\/}"
                done <"$TYPED"
                """;
        assertThat(offered("bash", script, typed().keySet().stream())).containsExactlyInAnyOrderEntriesOf(typed());
    }

    @Test
    void fishOffersWhatFits() throws Exception {
        String script = """
                source completions/rf.fish
                while read -l line
                    echo "$line => "(complete -C "$line" | string split -f1 \\t | string replace -r '^--[a-z]+=' '' | string join ' ')
                end <$TYPED
                """;
        assertThat(offered("fish --no-config", script, typed().keySet().stream()))
                .containsExactlyInAnyOrderEntriesOf(typed());
    }

    /** A zsh at whose keyboard somebody sits: only its own line editor completes anything. */
    @Test
    void zshOffersWhatFits() throws Exception {
        String script = """
                zmodload zsh/zpty
                zpty shell 'TERM=dumb exec zsh -f -i'
                zpty -w shell "PS1='READY>'; autoload -U compinit; compinit -u -D; source completions/rf.zsh"
                zpty -w shell 'rf() { print -r -- "GOT: ${@[-1]}"; }; print STARTED'
                zpty -r -m shell got '*STARTED*READY>*'
                while IFS= read -r line; do
                    zpty -w shell "$line"$'\\t'
                    zpty -r -m shell got $'*GOT:*\\n*READY>*'
                    got=${${got##*GOT: }%%$'\\r'*}
                    print -r -- "$line => ${got#--runner=}"
                done <$TYPED
                zpty -d shell
                """;
        Map<String, List<String>> one = typed();
        one.values().removeIf(words -> words.size() > 1);
        assertThat(offered("zsh", script, one.keySet().stream())).containsExactlyInAnyOrderEntriesOf(one);
    }

    private static List<String> views(PackagedRf where, String words) throws Exception {
        return where.shell("rf --complete views " + words).lines();
    }

    @Test
    void namesOfAnotherDatabaseAreNotOffered() throws Exception {
        assertThat(views(shell, "views refresh")).contains("condition_simple");
        assertThat(views(shell, "--db-url postgresql://other/db views refresh")).isEmpty();
        assertThat(views(shell, "--profile=nightly views refresh")).isEmpty();
        assertThat(views(shell, "--sandbox views refresh")).isEmpty();
        assertThat(views(shell.with("PGDATABASE", "other"), "views refresh")).isEmpty();
        Path changed = Files.writeString(
                Files.createDirectories(folder.resolve("changed/rf")).resolve("config.toml"), "");
        Files.setLastModifiedTime(changed, FileTime.from(Instant.parse("2999-01-01T00:00:00Z")));
        assertThat(views(shell.with("XDG_CONFIG_HOME", folder.resolve("changed").toString()), "views refresh"))
                .isEmpty();
    }

    @Test
    void namesComeAndGoWithWhatTheyName() throws Exception {
        String queries = "rf --complete queries query run";
        rf.run("query", "save", "soon-gone", "--gender", "male").done();
        assertThat(shell.shell(queries).lines()).containsExactly("diabetics", "soon-gone");
        rf.run("query", "delete", "soon-gone", "--yes").done();
        assertThat(shell.shell(queries).lines()).containsExactly("diabetics");
        rf.run("views", "create", "-f", "docs/examples/patients_by_gender.sql").done();
        assertThat(views(shell, "")).contains("patients_by_gender");
        rf.run("views", "drop", "patients_by_gender", "--yes").done();
        assertThat(views(shell, "")).doesNotContain("patients_by_gender").hasSize(7);
        // It may lead to another database now: what was known is not added to.
        Path config = folder.resolve(".config/rf/config.toml");
        FileTime before = Files.getLastModifiedTime(config);
        Files.setLastModifiedTime(config, FileTime.from(Instant.now()));
        rf.run("views", "refresh", "patient_simple").done();
        assertThat(views(shell, "")).containsExactly("patient_simple");
        Files.setLastModifiedTime(config, before);
        rf.run("views", "list").done();
        assertThat(views(shell, "")).hasSize(7);
    }

    @Test
    void passwordIsKeptOutAndACacheThatCannotBeWrittenIsNoError() throws Exception {
        List<String> files;
        try (Stream<Path> found = Files.list(folder.resolve("cache/rf/names"))) {
            files = found.map(file -> file.getFileName().toString()).toList();
        }
        assertThat(files).hasSize(3).allSatisfy(name -> assertThat(name).doesNotContain(database.password()));
        Rf elsewhere = rf.with("XDG_CACHE_HOME", folder.resolve("codes.csv").toString());
        assertThat(elsewhere.run("views", "list").done().err()).isEmpty();
        Rf nowhere = rf.with("XDG_CACHE_HOME", folder.resolve("no/such").toString());
        nowhere.run("views", "list").done();
        assertThat(folder.resolve("no")).doesNotExist();
    }
}
