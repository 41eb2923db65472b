package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/** {@code rf grants}: each role can do its work with what the SQL gives it, and nothing else. */
class RolesTest {

    private static final String READER = "Reads \"HAPI\"";
    private static final String RF = "etl";
    private static final String ANALYST = "o'brien";

    @TempDir
    private Path folder;

    private TestDatabase database = TestPostgres.hapi880();

    @AfterEach
    void drop() throws SQLException {
        for (String role : List.of(READER, RF, ANALYST)) {
            String quoted = '"' + role.replace("\"", "\"\"") + '"';
            if (database.count("select count(*) from pg_roles where rolname = '" + role.replace("'", "''") + "'") > 0) {
                database.execute("drop owned by " + quoted + " cascade; drop role " + quoted);
            }
        }
        database.close();
    }

    private String grants() {
        return Rf.on(database)
                .run("grants", "--reader", READER, "--rf", RF, "--analyst", ANALYST)
                .done()
                .out();
    }

    /** Runs the SQL in a database where nobody has a right by default, and lets the roles log in. */
    private void grant() throws SQLException {
        database.execute("revoke all on database " + database.database() + " from public;"
                + " revoke all on schema public from public");
        database.execute(grants());
        database.execute("alter role \"Reads \"\"HAPI\"\"\" login password 'pw'; alter role etl password 'pw';"
                + " alter role \"o'brien\" login password 'pw'");
    }

    private TestDatabase as(String role) {
        return database.as(database.database(), role, "pw");
    }

    private Rf rfAs(String role) {
        return Rf.with(java.util.Map.of(
                "HOME",
                "/nowhere",
                "PGPASSWORD",
                "pw",
                "PGUSER",
                role,
                "PGHOST",
                database.host(),
                "PGPORT",
                Integer.toString(database.port()),
                "PGDATABASE",
                database.database()));
    }

    @Test
    void everythingWorksUnderTheRoleOfRf() throws SQLException {
        grant();
        Rf rf = rfAs(RF);
        rf.run("views", "create-all").done();
        HapiWriter.prepare(database);
        try (java.sql.Connection connection = database.connect()) {
            new HapiWriter(connection)
                    .create(
                            "Condition",
                            "{\"resourceType\": \"Condition\", \"code\": {\"coding\": [{\"code\": \"a\"}]}}");
        }
        assertThat(rf.run("views", "refresh-all").done().err())
                .contains("refresh condition_simple ok incremental changed=1 ");
        rf.run("views", "refresh", "patient_simple", "--rebuild").done();
        rf.run("views", "verify").done();
        assertThat(rf.run("views", "status").done().out()).contains("condition_simple");
        rf.run("views", "set", "patient_simple", "--refresh-interval", "1h").done();
        rf.run("views", "health").done();
        assertThat(rf.run("query", "--gender", "male", "--runner", "postgres", "-o", "json")
                        .json()
                        .get("count")
                        .asLong())
                .isEqualTo(HapiDump.HAPI_880.facts().patients().getOrDefault("male", 0L));
        rf.run("views", "set", "patient_simple", "--live").done();
        rf.run("views", "verify", "patient_simple").done();
        try (TestRedis redis = TestRedis.start()) {
            Rf live = rf.with("RF_REDIS_URL", redis.url());
            live.run("poll-fhir").done();
            assertThat(live.run("query", "--gender", "male", "--require-complete", "-o", "json")
                            .json()
                            .at("/speed/from")
                            .asText())
                    .isEqualTo("redis");
            assertThat(live.run("doctor").done().out()).contains("[ok]   rights ");
        }
        rf.run("views", "drop", "procedure_history", "--yes").done();
    }

    @Test
    void analystAsksQuestionsWithoutAnyRightToHapisTables() throws SQLException {
        grant();
        rfAs(RF).run("views", "create-all").done();
        assertRead();
        rfAs(RF).run("views", "refresh-all", "--rebuild").done();
        assertRead();
        assertThatThrownBy(() -> as(ANALYST).count("select count(*) from public.hfj_resource"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as(ANALYST).execute("delete from sqlonfhir.patient_simple"))
                .hasMessageContaining("permission denied");
        assertThat(rfAs(ANALYST).run("views", "refresh-all").failed(1).err()).contains("permission denied");
    }

    @Test
    void sqlViewsBesideTheirTablesAreRefreshedAndReadUnderTheseRoles() throws SQLException {
        Rf superuser = Rf.on(database);
        superuser.run("sandbox", "load", "kpi").done();
        superuser.run("views", "create-all", "--pack", "kpi").done();
        grant();
        rfAs(RF).run("views", "refresh-all").done();
        database.execute("revoke temporary on database " + database.database() + " from etl");
        assertThat(rfAs(RF).run("views", "refresh", "mv_kpi_dashboard")
                        .failed(1)
                        .err())
                .contains("GRANT TEMPORARY ON DATABASE " + database.database() + " TO etl");
        rfAs(RF).run("views", "drop", "mv_enrollment_trends", "--yes").done();
        rfAs(RF).run("views", "create", "mv_enrollment_trends").done();
        assertThat(as(ANALYST).count("select count(*) from efir_budget.mv_kpi_dashboard"))
                .isEqualTo(23);
        assertThat(as(ANALYST).count("select count(*) from efir_budget.mv_enrollment_trends"))
                .isEqualTo(90);
        assertThat(rfAs(ANALYST).run("views", "list").done().out()).contains("mv_kpi_dashboard");
        assertThatThrownBy(() -> as(ANALYST).count("select count(*) from efir_budget.revenue_plan"))
                .hasMessageContaining("permission denied");
    }

    private void assertRead() throws SQLException {
        long men = HapiDump.HAPI_880.facts().patients().getOrDefault("male", 0L);
        assertThat(as(ANALYST).count("select count(*) from sqlonfhir.patient_simple where gender = 'male'"))
                .isEqualTo(men);
        Ended asked =
                rfAs(ANALYST).run("query", "--gender", "male", "-o", "json").done();
        assertThat(asked.json().get("count").asLong()).isEqualTo(men);
        assertThat(asked.json().get("runner").asText()).isEqualTo("materialized");
        assertThat(rfAs(ANALYST).run("views", "list").done().lines()).last().isEqualTo("7 views");
    }

    @Test
    void viewsThatWereThereBeforeBelongToRfAfterwards() throws SQLException {
        Rf.on(database)
                .run("views", "create", "patient_simple", "condition_simple")
                .done();
        grant();
        rfAs(RF).run("views", "refresh-all").done();
        rfAs(RF).run("views", "refresh-all", "--rebuild").done();
        rfAs(RF).run("views", "create-all").done();
        assertRead();
        // Once more: nothing of it is an error.
        database.execute(grants());
    }

    @Test
    void readerReadsAndWritesNothing() throws SQLException {
        grant();
        assertThat(as(READER).count("select count(*) from public.hfj_res_ver")).isPositive();
        for (String write : List.of(
                "delete from public.hfj_resource",
                "update public.hfj_res_ver set res_ver = 1",
                "create table public.mine (a int)",
                "create schema mine",
                "create table sqlonfhir.mine (a int)")) {
            assertThatThrownBy(() -> as(READER).execute(write)).as(write).hasMessageContaining("permission denied");
        }
        for (String write :
                List.of("delete from public.hfj_resource", "create table public.mine (a int)", "create schema mine")) {
            assertThatThrownBy(() -> as(RF).execute(write)).as(write).hasMessageContaining("permission denied");
        }
    }

    @Test
    void largeObjectsCanBeRead() throws SQLException {
        database.close();
        database = TestPostgres.hapi622();
        grant();
        assertThat(as(RF).count("select count(lo_get(res_text)) from public.hfj_res_ver where res_text is not null"))
                .isPositive();
        String body = "(select min(res_text) from public.hfj_res_ver)";
        assertThatThrownBy(() -> as(RF).execute("select lo_put(" + body + ", 0, 'x')"))
                .hasMessageContaining("permission denied for large object");
    }

    @Test
    void rfLoadsResourcesInASchemaMadeForIt() throws Exception {
        database.close();
        database = TestPostgres.empty();
        database.execute("revoke all on database " + database.database() + " from public");
        String sql = Rf.on(database)
                .run("grants", "--reader", READER, "--rf", RF, "--analyst", ANALYST, "--source", "resources")
                .done()
                .out();
        database.execute(sql);
        database.execute("alter role etl password 'pw'");
        Path file = Files.writeString(folder.resolve("p.ndjson"), "{\"resourceType\": \"Patient\", \"id\": \"a\"}\n");
        rfAs(RF).run("load", file.toString()).done();
        rfAs(RF).run("views", "create", "patient_simple").done();
        assertThat(as(RF).count("select count(*) from sqlonfhir.patient_simple"))
                .isEqualTo(1);
    }

    @Test
    void rolesMustBeThree() {
        assertThat(Rf.on(database).run("grants", "--rf", "rf_reader").failed(2).err())
                .contains("--reader, --rf and --analyst must be three roles");
        assertThat(Rf.on(database).run("grants", "-o", "json").json().get("sql").asText())
                .contains("create role rf_reader;", "grant rf_reader to rf;");
    }
}
