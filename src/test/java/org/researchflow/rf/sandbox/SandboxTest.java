package org.researchflow.rf.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.Failure;
import org.researchflow.rf.HapiFacts;

/** The sandbox's servers start, outlive, stop and forget as promised. Each test finds it running. */
@DisabledIfSystemProperty(
        named = "embedded.postgres.binaries.version",
        matches = "1[4-6]\\..*",
        disabledReason = "the sandbox wants the locale provider that PostgreSQL has had since 17")
class SandboxTest {

    @TempDir
    static Path home;

    private final SandboxAddress address = started();

    private static SandboxAddress started() {
        return Sandbox.at(home).start(Progress.SILENT);
    }

    @AfterAll
    static void stop() {
        Sandbox.at(home).stop();
    }

    @Test
    void sampleHoldsItsKnownAnswers() throws Exception {
        HapiFacts facts = facts();
        assertThat(count(address, "select count(*) from hfj_resource")).isEqualTo(facts.resources());
        assertThat(count(address, "select count(*) from hfj_res_ver")).isEqualTo(facts.versions());
        assertThat(count(address, """
                with live as materialized (
                  select r.res_type as type, r.fhir_id as id, v.res_text_vc::jsonb as resource
                    from hfj_resource r join hfj_res_ver v using (res_id, res_ver)
                   where r.res_deleted_at is null and r.res_type in ('Patient', 'Condition'))
                select count(distinct p.id)
                  from live p
                  join live c on c.resource #>> '{subject,reference}' = 'Patient/' || p.id
                 where p.type = 'Patient' and p.resource ->> 'gender' = 'male'
                   and c.type = 'Condition' and c.resource @> '{"code": {"coding": [{"code": "73211009"}]}}'
                """))
                .isEqualTo(facts.patients("male", "73211009"))
                .isEqualTo(30);
    }

    @Test
    void sampleHasDeletedBroughtBackAndOlderVersionsAndPartialDates() throws Exception {
        assertThat(count(address, "select count(*) from hfj_resource where res_deleted_at is not null"))
                .isPositive();
        assertThat(count(address, "select count(*) from hfj_resource where res_ver > 1 and res_deleted_at is null"))
                .isPositive();
        assertThat(count(address, """
                select count(*) from hfj_res_ver v join hfj_resource r using (res_id)
                 where v.res_encoding = 'DEL' and r.res_deleted_at is null
                """)).isPositive();
        assertThat(count(address, """
                select count(*) from hfj_res_ver
                 where res_type = 'Patient' and length(res_text_vc::jsonb ->> 'birthDate') = 4
                """)).isPositive();
    }

    @Test
    void secondStartAttachesToTheRunningServers() {
        SandboxStatus before = Sandbox.at(home).status();
        Steps steps = new Steps();
        assertThat(Sandbox.at(home).start(steps)).isEqualTo(address);
        assertThat(steps.begun).isEmpty();
        assertThat(Sandbox.at(home).status().postgres()).isEqualTo(before.postgres());
        assertThat(Sandbox.at(home).running()).contains(address);
    }

    @Test
    void startsAtTheSameTimeStartOneServer() {
        Sandbox.at(home).stop();
        // Not on the pool that Redis' client takes its own threads from.
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<CompletableFuture<SandboxAddress>> starts = Stream.generate(
                            () -> CompletableFuture.supplyAsync(SandboxTest::started, threads))
                    .limit(3)
                    .toList();
            assertThat(starts.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        }
    }

    @Test
    void redisThatDoesNotAnswerIsNotLeftBehind() throws Exception {
        long paused = paused();
        assertThat(started().redisUri()).isPresent();
        assertThat(Sandbox.at(home).status().redis().running()).isTrue();
        assertThat(hasEnded(paused)).isTrue();
        long again = paused();
        Sandbox.at(home).stop();
        assertThat(hasEnded(again)).isTrue();
    }

    /** The process of a Redis that is there, and says nothing. */
    private static long paused() throws Exception {
        long pid = Sandbox.at(home).status().redis().pid().orElseThrow();
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
        return pid;
    }

    private static boolean hasEnded(long pid) {
        ServerProcess process = new ServerProcess(pid);
        return Deadline.in(Duration.ofSeconds(5)).reached(() -> !process.runsWith("redis-server"));
    }

    @Test
    void stoppedSandboxKeepsItsDataAndPorts() throws Exception {
        execute(address, "create table if not exists kept (a int)");
        assertThat(Sandbox.at(home).stop()).isTrue();
        assertThat(Sandbox.at(home).running()).isEmpty();
        assertThat(Sandbox.at(home).status().running()).isFalse();
        assertThat(Sandbox.at(home).status().redis().running()).isFalse();
        assertThat(Sandbox.at(home).stop()).isFalse();
        assertThat(started()).isEqualTo(address);
        assertThat(count(address, "select count(*) from kept")).isZero();
    }

    @Test
    void killedServersAreStartedAgain() throws Exception {
        execute(address, "create table if not exists survives (a int)");
        SandboxStatus status = Sandbox.at(home).status();
        for (long pid : List.of(
                status.postgres().pid().orElseThrow(), status.redis().pid().orElseThrow())) {
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
        }
        assertThat(Sandbox.at(home).status().running()).isFalse();
        SandboxAddress again = started();
        assertThat(count(again, "select count(*) from survives")).isZero();
        assertThat(Sandbox.at(home).status().redis().running()).isTrue();
    }

    @Test
    void anotherProgramOnThePortIsAvoided() throws Exception {
        Sandbox.at(home).stop();
        try (ServerSocket _ = new ServerSocket(address.port(), 1, InetAddress.ofLiteral("127.0.0.1"))) {
            SandboxAddress moved = started();
            assertThat(moved.port()).isNotEqualTo(address.port());
            assertThat(count(moved, "select 1")).isEqualTo(1);
        }
    }

    @Test
    void pidOfAnotherProgramIsNotMistakenForTheServer() throws Exception {
        Sandbox.at(home).stop();
        Path pidFile = home.resolve("sandbox/postgres/postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + home + "\n");
        assertThat(Sandbox.at(home).status().running()).isFalse();
        assertThat(count(started(), "select 1")).isEqualTo(1);
    }

    @Test
    void onlyThePasswordOpensIt() {
        assertThatThrownBy(() -> DriverManager.getConnection(address.jdbcUrl(), address.user(), "wrong"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void passwordIsInNoArgumentAndInNoFileThatOthersCanRead() throws Exception {
        Path folder = home.resolve("sandbox");
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        for (String file : List.of("state.json", "redis/redis.conf")) {
            assertThat(Files.getPosixFilePermissions(folder.resolve(file)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(folder.resolve("password")).doesNotExist();
        assertThat(ProcessHandle.allProcesses().flatMap(p -> p.info().commandLine().stream()))
                .noneMatch(line -> line.contains(address.password()));
        assertThat(address.toString()).doesNotContain(address.password());
    }

    @Test
    void redisAsksForThePasswordAndKeepsNothingOnDisk() throws Exception {
        URI uri = URI.create(address.redisUri().orElseThrow());
        assertThat(uri.getUserInfo()).isEqualTo(":" + address.password());
        try (RedisSession redis = RedisSession.open(uri.getHost(), uri.getPort(), address.password())) {
            assertThat(redis.commands().ping()).isEqualTo("PONG");
            redis.commands().set("a", "1");
        }
        assertThatThrownBy(() -> RedisSession.open(uri.getHost(), uri.getPort(), "wrong"))
                .hasRootCauseMessage("WRONGPASS invalid username-password pair or user is disabled.");
        Sandbox.at(home).stop();
        assertThat(home.resolve("sandbox/redis/dump.rdb")).doesNotExist();
    }

    @Test
    void withoutRedisTheRestWorksAndStatusSaysWhy() throws Exception {
        Sandbox.at(home).stop();
        Path program;
        try (Stream<Path> found =
                Files.find(home.resolve("sandbox/servers"), 2, (file, _) -> file.endsWith("redis-server"))) {
            program = found.findFirst().orElseThrow();
        }
        Path real = program.resolveSibling("the-real-one");
        Files.move(program, real);
        String problem = "error while loading shared libraries: libssl.so.3: cannot open shared object file";
        Files.writeString(program, "#!/bin/sh\necho '" + problem + "' >&2\nexit 127\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            SandboxAddress without = started();
            assertThat(without.redisUri()).isEmpty();
            assertThat(count(without, "select 1")).isEqualTo(1);
            assertThat(Sandbox.at(home).status().running()).isTrue();
            assertThat(Sandbox.at(home).status().redis().problem()).contains(problem);
        } finally {
            Files.move(real, program, StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(started().redisUri()).isPresent();
        assertThat(Sandbox.at(home).status().redis().problem()).isEmpty();
    }

    @Test
    void serversWriteDurablyAndListenOnLoopbackAlone() throws Exception {
        assertThat(text(address, "show fsync")).isEqualTo("on");
        assertThat(text(address, "show listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(text(address, "show password_encryption")).isEqualTo("scram-sha-256");
    }

    @Test
    void resetBringsTheSampleBack() throws Exception {
        execute(address, "delete from hfj_res_tag");
        SandboxAddress fresh = Sandbox.at(home).reset(Progress.SILENT);
        assertThat(count(fresh, "select count(*) from hfj_res_tag")).isPositive();
        assertThat(fresh.password()).isNotEqualTo(address.password());
    }

    @Test
    void lostPasswordIsSaidAndResetHelps() throws Exception {
        Sandbox.at(home).stop();
        Files.delete(home.resolve("sandbox/state.json"));
        assertThatThrownBy(SandboxTest::started).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).startsWith("the sandbox's password is lost");
            assertThat(failure.notes().get("try")).singleElement().asString().contains("rf sandbox reset");
        });
        assertThat(count(Sandbox.at(home).reset(Progress.SILENT), "select 1")).isEqualTo(1);
    }

    @Test
    void loadThatIsCutOffLeavesNothingAndIsRepeated() throws Exception {
        execute(address, "drop table hfj_resource cascade");
        // The next table of the dump is in the way: the load fails after it has begun.
        assertThatThrownBy(SandboxTest::started)
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.what()).isEqualTo("cannot load the sample into the sandbox"));
        assertThat(text(address, "select to_regclass('hfj_resource')::text is null"))
                .isEqualTo("t");
        execute(address, "drop schema public cascade; create schema public");
        assertThat(count(started(), "select count(*) from hfj_resource")).isEqualTo(facts().resources());
    }

    @Test
    void platformWithoutServersIsRefused() {
        assertThat(Platform.of("Mac OS X", "aarch64")).isEqualTo(Platform.DARWIN_ARM64);
        assertThat(Platform.of("Linux", "aarch64")).isEqualTo(Platform.LINUX_ARM64);
        assertThatThrownBy(() -> Platform.of("Windows 11", "amd64"))
                .isInstanceOf(Failure.class)
                .hasMessage("the sandbox does not run on Windows 11 amd64");
        for (Platform platform : Platform.values()) {
            assertThat(Platform.class.getResource(platform.postgresResource())).isNotNull();
            assertThat(Platform.class.getResource(platform.redisResource())).isNotNull();
        }
    }

    private static final class Steps implements Progress {
        private final List<String> begun = new ArrayList<>();

        @Override
        public void begun(String step) {
            begun.add(step);
        }

        @Override
        public void done() {}
    }

    private static HapiFacts facts() throws Exception {
        try (InputStream json =
                Objects.requireNonNull(SandboxTest.class.getResourceAsStream("/sample/hapi-sample-facts.json"))) {
            return JsonMapper.builder().build().readValue(json, HapiFacts.class);
        }
    }

    private static Connection connect(SandboxAddress address) throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    private static void execute(SandboxAddress address, String sql) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(SandboxAddress address, String sql) throws SQLException {
        return Long.parseLong(text(address, sql));
    }

    private static String text(SandboxAddress address, String sql) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
