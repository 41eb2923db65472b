package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/** {@code rf doctor}: what it finds, and that what it says to type mends it. */
class DoctorTest {

    private static final String ROLE = "doctors_patient";

    @TempDir
    private Path folder;

    private static Rf on(TestDatabase database) {
        return Rf.on(database).with("XDG_CONFIG_DIRS", "/nowhere");
    }

    /** The command that mends what a check found. */
    private static String fix(Ended doctor, String mark, String check) {
        Matcher line = Pattern.compile("(?m)^" + Pattern.quote(mark) + " +" + check + " .*   fix: (.+)$")
                .matcher(doctor.out());
        assertThat(line.find()).as(mark + " " + check + " in\n" + doctor.out()).isTrue();
        return line.group(1);
    }

    private static void follow(Rf rf, String command) {
        assertThat(command).startsWith("rf ");
        rf.run(command.substring(3).split(" ")).done();
    }

    @Test
    void whatItSaysMendsWhatItFound() throws IOException, SQLException {
        try (TestDatabase database = TestPostgres.hapi880()) {
            Rf rf = on(database);
            Ended first = rf.run("doctor").done();
            assertThat(first.out())
                    .contains(
                            "[ok]   configuration  no file, 1 setting\n",
                            "[ok]   resources      tables of HAPI 8.4 or later, about ",
                            "[ok]   indexes ",
                            "[ok]   time zone ",
                            "[ok]   clock ",
                            "0 failed\n")
                    .doesNotContain(database.password(), "[FAIL]");
            follow(rf, fix(first, "[warn]", "views"));
            assertThat(rf.run("doctor").done().out()).contains("7 materialized, and current");

            database.execute("update sqlonfhir.materialized_view_metadata"
                    + " set watermark_at = watermark_at - interval '2 days' where view_name = 'patient_simple'");
            Ended stale = rf.run("doctor").done();
            assertThat(stale.out()).contains("stale: patient_simple");
            follow(rf, fix(stale, "[warn]", "views"));

            database.execute("update sqlonfhir.materialized_view_metadata set origin = 'system 1' || origin"
                    + " where view_name = 'condition_simple'");
            Ended restored = rf.run("doctor").done();
            assertThat(restored.out()).contains("stale: condition_simple");
            follow(rf, fix(restored, "[warn]", "views"));

            Path other = folder.resolve("encounter_simple.json");
            Files.writeString(other, """
                    {"resourceType": "ViewDefinition", "name": "encounter_simple", "resource": "Encounter",
                     "select": [{"column": [{"name": "id", "path": "getResourceKey()"}]}]}
                    """);
            rf.run("views", "create", "--replace", "-f", other.toString()).done();
            Ended replaced = rf.run("doctor").done();
            assertThat(replaced.out()).contains("not as rf would build them now: encounter_simple");
            assertThat(rf.run("views", "list").done().out())
                    .endsWith("7 views, 1 stale.  Refresh:  " + fix(replaced, "[warn]", "views") + "\n");
            follow(rf, fix(replaced, "[warn]", "views"));
            assertThat(rf.run("doctor").done().out()).contains("7 materialized, and current");

            database.execute("drop view sqlonfhir.patient_simple");
            Ended failed = rf.run("doctor");
            assertThat(failed.code()).isEqualTo(4);
            follow(rf, fix(failed, "[FAIL]", "views"));
            assertThat(rf.run("doctor").done().out()).contains("7 materialized, and current");

            try (Connection open = database.connect();
                    Statement statement = open.createStatement()) {
                open.setAutoCommit(false);
                statement.execute("select pg_current_xact_id()");
                assertThat(rf.run("doctor").done().out()).contains("[ok]   transactions ");
            }
            database.execute("update hfj_resource set res_updated = now() at time zone 'utc' + interval '5 hours'"
                    + " where res_id = (select max(res_id) from hfj_resource)");
            String zone = fix(rf.run("doctor").done(), "[warn]", "time zone");
            assertThat(zone).isEqualTo("export RF_HAPI_TIME_ZONE=+05:00");
            assertThat(rf.with("RF_HAPI_TIME_ZONE", "+05:00").run("doctor").out())
                    .contains("the server's times are read in +05:00, and none is in the future");

            database.execute("alter table hfj_res_ver drop constraint if exists idx_resver_id_ver;"
                    + " drop index if exists idx_resver_id_ver");
            String index = fix(rf.run("doctor").done(), "[warn]", "indexes");
            assertThat(index).startsWith("psql -h ").contains("create index concurrently on ", "(res_id, res_ver)");
            database.execute(index.substring(index.indexOf('\'') + 1, index.lastIndexOf('\'')));
            assertThat(rf.run("doctor").done().out()).contains("[ok]   indexes ");
        }
    }

    @Test
    void rightsThatAreMissingAreNamedWithTheGrants() throws SQLException {
        try (TestDatabase database = TestPostgres.hapi622()) {
            database.execute("revoke all on schema public from public; create role " + ROLE + " login password 'pw'");
            try {
                TestDatabase poor = database.as(database.database(), ROLE, "pw");
                Ended nothing = on(poor).run("doctor");
                assertThat(nothing.code()).isEqualTo(4);
                String grants = "rf grants | psql -h " + database.host() + " -p " + database.port() + " -d "
                        + database.database() + " -U postgres";
                assertThat(fix(nothing, "[FAIL]", "rights")).isEqualTo(grants);
                assertThat(fix(nothing, "[FAIL]", "resources")).isEqualTo(grants);

                database.execute("grant usage on schema public to " + ROLE + "; grant select on all tables in schema"
                        + " public to " + ROLE + "; grant create on database " + database.database() + " to " + ROLE);
                Ended bodies = on(poor).run("doctor");
                assertThat(bodies.code()).isEqualTo(4);
                assertThat(bodies.out()).contains("tables of HAPI 6.2 or earlier", "large objects");
                assertThat(fix(bodies, "[FAIL]", "bodies")).isEqualTo(grants);

                database.execute(on(database)
                        .run("grants", "--reader", "reader_of_doctor", "--rf", ROLE, "--analyst", "analyst_of_doctor")
                        .done()
                        .out());
                Ended granted = on(poor).run("doctor");
                assertThat(granted.code()).as(granted.out()).isZero();
                assertThat(granted.out())
                        .contains("[ok]   bodies         some are in large objects, which the role may read\n");
            } finally {
                for (String role : new String[] {ROLE, "reader_of_doctor", "analyst_of_doctor"}) {
                    database.execute("do $$ begin if exists (select from pg_roles where rolname = '" + role
                            + "') then execute 'drop owned by " + role + " cascade'; execute 'drop role " + role
                            + "'; end if; end $$");
                }
            }
        }
    }

    @Test
    void servicesOutOfReachAreFailures() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HOME",
                "/nowhere",
                "XDG_CONFIG_DIRS",
                "/nowhere",
                "RF_DB_URL",
                "postgresql://rf:canary@127.0.0.1:1/x"));
        Ended unreachable = Rf.with(environment).run("doctor");
        assertThat(unreachable.code()).isEqualTo(4);
        assertThat(unreachable.out())
                .contains("[FAIL] postgresql     cannot reach PostgreSQL at 127.0.0.1:1")
                .doesNotContain("canary");
        environment.remove("RF_DB_URL");
        Ended nothing = Rf.with(environment).run("doctor");
        assertThat(nothing.code()).isEqualTo(4);
        assertThat(fix(nothing, "[FAIL]", "postgresql")).isEqualTo("rf sandbox start");
        environment.put("RF_MIN_CELL", "few");
        Ended few = Rf.with(environment).run("doctor");
        assertThat(few.out())
                .contains("RF_MIN_CELL has a value that it cannot have: it takes a whole number from 0 on");
        assertThat(fix(few, "[FAIL]", "configuration")).isEqualTo("unset RF_MIN_CELL");
        environment.put("RF_RUNER", "speed");
        assertThat(fix(Rf.with(environment).run("doctor"), "[warn]", "configuration"))
                .isEqualTo("unset RF_RUNER");
    }

    @Test
    void nobodyWaitsLongForServersThatDoNotAnswer() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            String place = "127.0.0.1:" + mute.getLocalPort();
            long began = System.nanoTime();
            Ended ended = Rf.with(Map.of(
                            "HOME",
                            "/nowhere",
                            "XDG_CONFIG_DIRS",
                            "/nowhere",
                            "RF_DB_URL",
                            "postgresql://rf@" + place + "/x",
                            "RF_REDIS_URL",
                            "redis://" + place))
                    .run("doctor");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
            assertThat(ended.code()).isEqualTo(4);
            assertThat(ended.out())
                    .contains("cannot reach PostgreSQL at " + place, "cannot use Redis at " + place)
                    .contains(": connection attempt timed out\n", ": it did not answer in time\n");
        }
    }

    @Test
    void redisThatForgetsIsAWarningAndOneThatIsAwayAFailure() throws SQLException {
        try (TestDatabase database = TestPostgres.hapi880();
                TestRedis redis = TestRedis.start("--maxmemory", "10mb", "--maxmemory-policy", "allkeys-lru")) {
            Rf rf = on(database).with("RF_REDIS_URL", redis.url());
            Ended evicting = rf.run("doctor").done();
            assertThat(fix(evicting, "[warn]", "redis")).endsWith(" config set maxmemory-policy noeviction");
            assertThat(fix(evicting, "[warn]", "poller")).isEqualTo("rf poll-fhir --every 1s");
            assertThat(evicting.out()).doesNotContain(TestRedis.PASSWORD);
            JsonNode json = rf.run("doctor", "-o", "json").json();
            assertThat(json.get("schema").asText()).isEqualTo("rf.doctor/v1");
            assertThat(json.get("healthy").asBoolean()).isTrue();
            assertThat(json.get("checks").findValuesAsText("check")).contains("redis", "poller", "views", "java");

            Ended away = rf.with("RF_REDIS_URL", "redis://127.0.0.1:1").run("doctor");
            assertThat(away.code()).isEqualTo(4);
            assertThat(away.out()).contains("[FAIL] redis ");
        }
    }
}
