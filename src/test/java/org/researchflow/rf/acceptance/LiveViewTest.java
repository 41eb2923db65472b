package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** {@code --live}: a view as it is now, for whoever speaks SQL. */
class LiveViewTest {

    private static final String ANALYST = "live_analyst";
    private static final String LIVE = "select count(*) from sqlonfhir_live.patient_simple";
    private static final String MAN = "{\"resourceType\": \"Patient\", \"gender\": \"male\"}";

    @TempDir
    private Path folder;

    private final TestDatabase database = TestPostgres.hapi880();

    @BeforeEach
    void prepare() throws SQLException {
        HapiWriter.prepare(database);
        rf("views", "create", "patient_simple", "--live").done();
    }

    @AfterEach
    void drop() throws SQLException {
        if (database.count("select count(*) from pg_roles where rolname = '" + ANALYST + "'") > 0) {
            database.execute("drop owned by " + ANALYST + " cascade; drop role " + ANALYST);
        }
        database.close();
    }

    private Ended rf(String... arguments) {
        return Rf.on(database).run(arguments);
    }

    private long write(String body) throws SQLException {
        try (Connection connection = database.connect()) {
            return new HapiWriter(connection).create("Patient", body);
        }
    }

    private long stored() throws SQLException {
        return database.count("select count(*) from sqlonfhir.patient_simple");
    }

    @Test
    void changesAreThereAtOnce() throws SQLException {
        long before = database.count(LIVE);
        assertThat(before).isEqualTo(stored());
        long id = write(MAN);
        assertThat(database.count(LIVE)).isEqualTo(before + 1);
        assertThat(stored()).isEqualTo(before);
        try (Connection connection = database.connect()) {
            new HapiWriter(connection).update(id, MAN.replace("male", "female"), 0);
        }
        assertThat(database.count(LIVE + " where id = '" + id + "' and gender = 'female'"))
                .isOne();
        assertThat(database.count(LIVE + " where id = '" + id + "'")).isOne();
        rf("views", "refresh", "patient_simple").done();
        assertThat(database.count(LIVE)).isEqualTo(before + 1);
        assertThat(stored()).isEqualTo(before + 1);
        try (Connection connection = database.connect()) {
            new HapiWriter(connection).delete(id, true);
        }
        assertThat(database.count(LIVE)).isEqualTo(before);
    }

    @Test
    void listStatusAndVerifySayHowItIs() throws SQLException {
        write(MAN);
        assertThat(rf("views", "list").done().out()).contains("fresh, live");
        assertThat(rf("views", "list", "-o", "json").json().at("/views/0/live").asText())
                .isEqualTo("published");
        assertThat(rf("views", "verify", "-o", "json")
                        .json()
                        .at("/views/0/live")
                        .asText())
                .isEqualTo("right");
        // A row that no resource gives, in what the live view begins with.
        database.execute("create table kept as select * from sqlonfhir_store.v1_g1;"
                + " insert into sqlonfhir_store.v1_g1 select * from kept limit 1");
        Ended wrong = rf("views", "verify", "-o", "json");
        assertThat(wrong.code()).isEqualTo(4);
        assertThat(wrong.out()).contains("\"live\":\"WRONG\"");
        assertThat(wrong.err()).contains("sqlonfhir_live.patient_simple is not what the resources give: 1 rows differ");
        rf("views", "refresh", "patient_simple", "--rebuild").done();
        try (Connection connection = database.connect()) {
            HapiWriter hapi = new HapiWriter(connection);
            hapi.store(hapi.create("Patient", MAN), MAN, HapiWriter.Storage.LARGE_OBJECT);
        }
        Ended refused = rf("views", "verify").done();
        assertThat(refused.out()).contains(" refused ");
        assertThat(refused.err()).contains("answers with an error and not with rows");
        database.execute("drop view sqlonfhir_live.patient_simple");
        assertThat(rf("views", "status").done().out()).contains("live view MISSING");
        Ended missing = rf("views", "verify");
        assertThat(missing.code()).isEqualTo(4);
        assertThat(missing.err()).contains("rf views set patient_simple --live");
        rf("views", "set", "patient_simple", "--live").done();
        assertThat(rf("views", "list").done().out()).contains("fresh, live");
    }

    @Test
    void plainRoleReadsItBeforeAndAfterRebuilds() throws SQLException {
        database.execute("create role " + ANALYST + " login password 'pw';"
                + " grant usage on schema sqlonfhir_live to " + ANALYST + ";"
                + " grant select on sqlonfhir_live.patient_simple to " + ANALYST + ";"
                + " comment on view sqlonfhir_live.patient_simple is 'for us'");
        TestDatabase analyst = database.as(database.database(), ANALYST, "pw");
        write(MAN);
        long now = stored() + 1;
        assertThat(analyst.count(LIVE)).isEqualTo(now);
        rf("views", "refresh", "patient_simple", "--rebuild").done();
        assertThat(analyst.count(LIVE)).isEqualTo(now);
        write(MAN);
        assertThat(analyst.count(LIVE)).isEqualTo(now + 1);
        assertThat(database.count("select count(*) from pg_tables where schemaname = 'sqlonfhir_store'"
                        + " and tablename ~ '^v1_g'"))
                .isOne();
        assertThatThrownBy(() -> analyst.count("select count(*) from hfj_resource"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void rolesOfRfGrantsMakeAndReadIt() throws SQLException {
        String reader = "live_reader";
        String owner = "live_rf";
        try {
            database.execute(rf("grants", "--reader", reader, "--rf", owner, "--analyst", ANALYST)
                    .done()
                    .out());
            database.execute("alter role " + owner + " password 'pw'; alter role " + ANALYST + " login password 'pw'");
            Rf asOwner = Rf.on(database.as(database.database(), owner, "pw"));
            asOwner.run("views", "create", "condition_simple", "--live").done();
            asOwner.run("views", "refresh", "patient_simple", "--rebuild").done();
            TestDatabase analyst = database.as(database.database(), ANALYST, "pw");
            write(MAN);
            assertThat(analyst.count(LIVE)).isEqualTo(stored() + 1);
            assertThat(analyst.count("select count(*) from sqlonfhir_live.condition_simple"))
                    .isPositive();
        } finally {
            for (String role : java.util.List.of(owner, reader)) {
                database.execute("drop owned by " + role + " cascade; drop role " + role);
            }
        }
    }

    @Test
    void bodyThatSqlCannotReadIsAnErrorUntilItIsRefreshed() throws SQLException {
        long id = write(MAN);
        try (Connection connection = database.connect()) {
            new HapiWriter(connection).store(id, MAN, HapiWriter.Storage.LARGE_OBJECT);
        }
        assertThatThrownBy(() -> database.count(LIVE))
                .hasMessageContaining("holds changed resources whose bodies SQL cannot read")
                .hasMessageContaining("rf views refresh patient_simple");
        assertThatThrownBy(() -> database.count(LIVE + " where gender = 'nobody'"))
                .hasMessageContaining("rf views refresh patient_simple");
        rf("views", "refresh", "patient_simple").done();
        assertThat(database.count(LIVE)).isEqualTo(stored());
    }

    @Test
    void resourceThatWasSetAsideIsAnErrorAsLongAsItIsMissing() throws SQLException {
        long id = write(MAN);
        try (Connection connection = database.connect()) {
            new HapiWriter(connection).store(id, MAN, HapiWriter.Storage.ELSEWHERE);
        }
        rf("views", "refresh", "patient_simple").done();
        assertThatThrownBy(() -> database.count(LIVE)).hasMessageContaining("would lack resources that were set aside");
        try (Connection connection = database.connect()) {
            new HapiWriter(connection).update(id, MAN, 0);
        }
        assertThat(database.count(LIVE)).isEqualTo(stored() + 1);
    }

    @Test
    void anotherDatabaseIsAnError() throws SQLException {
        database.execute("update sqlonfhir.materialized_view_metadata set origin = 'system 1, timeline 1, database 1'");
        assertThatThrownBy(() -> database.count(LIVE))
                .hasMessageContaining("restored, upgraded or failed over; rf views refresh patient_simple");
        rf("views", "refresh", "patient_simple").done();
        assertThat(database.count(LIVE)).isEqualTo(stored());
    }

    @Test
    void idsFromTheFutureAreAnError() throws SQLException {
        database.execute("update sqlonfhir.materialized_view_metadata set watermark = '9999999:9999999:'");
        assertThatThrownBy(() -> database.count(LIVE)).hasMessageContaining("too many transactions ago");
    }

    @Test
    void anotherLayoutOfHapisTablesIsAnErrorUntilItIsMadeAnew() throws SQLException {
        database.execute("alter table hfj_resource add column another text");
        assertThatThrownBy(() -> database.count(LIVE))
                .hasMessageContaining("before the tables of the resources changed; rf views set patient_simple --live");
        rf("views", "set", "patient_simple", "--live").done();
        assertThat(database.count(LIVE)).isEqualTo(stored());
    }

    @Test
    void newColumnsComeWithTheirPublication() throws SQLException, IOException {
        Path file = folder.resolve("men.json");
        Files.writeString(file, definition("id"));
        rf("views", "create", "-f", file.toString(), "--live").done();
        database.execute("create view public.report as select id from sqlonfhir_live.men");
        Files.writeString(file, definition("key"));
        assertThat(rf("views", "create", "-f", file.toString(), "--replace")
                        .failed(2)
                        .err())
                .contains("sqlonfhir_live.men cannot be dropped", "public.report");
        assertThat(database.count("select count(id) from sqlonfhir_live.men")).isPositive();
        rf("views", "create", "-f", file.toString(), "--replace", "--cascade").done();
        assertThat(database.count("select count(key) from sqlonfhir_live.men")).isPositive();
    }

    private static String definition(String column) {
        return """
                {"resourceType": "ViewDefinition", "name": "men", "resource": "Patient", "status": "active",
                 "select": [{"column": [{"name": "%s", "path": "getResourceKey()"}]}],
                 "where": [{"path": "gender = 'male'"}]}
                """.formatted(column);
    }

    @Test
    void goesWithTheViewOrByItself() throws SQLException {
        assertThat(rf("views", "set", "patient_simple", "--no-live").done().out())
                .contains("set");
        assertThat(there()).isZero();
        rf("views", "refresh", "patient_simple", "--rebuild").done();
        assertThat(there()).isZero();
        assertThat(rf("views", "set", "patient_simple", "--live").done().out())
                .contains("sqlonfhir_live.patient_simple");
        assertThat(there()).isOne();
        rf("views", "drop", "patient_simple", "--yes").done();
        assertThat(there()).isZero();
    }

    private long there() throws SQLException {
        return database.count("select count(*) from pg_views where schemaname = 'sqlonfhir_live'");
    }

    @Test
    void loadedResourcesAreLiveToo() throws SQLException, IOException {
        try (TestDatabase loaded = TestPostgres.empty()) {
            Path file = folder.resolve("Patient.ndjson");
            Files.writeString(file, "{\"resourceType\":\"Patient\",\"id\":\"a\",\"gender\":\"male\"}\n");
            Rf rf = Rf.on(loaded);
            rf.run("load", file.toString()).done();
            rf.run("views", "create", "patient_simple", "--live").done();
            Files.writeString(file, "{\"resourceType\":\"Patient\",\"id\":\"b\",\"gender\":\"male\"}\n");
            rf.run("load", file.toString()).done();
            assertThat(loaded.count(LIVE)).isEqualTo(2);
            assertThat(loaded.count("select count(*) from sqlonfhir.patient_simple"))
                    .isOne();
        }
    }
}
