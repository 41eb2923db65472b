package org.researchflow.rf.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.Failure;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** Resource relations over the databases that real HAPI servers wrote. */
class HapiResourcesTest {

    private static final String FORCE_WORKERS = "set parallel_setup_cost = 0; set parallel_tuple_cost = 0;"
            + "set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2";

    private @Nullable TestDatabase open;

    @AfterEach
    void dropDatabase() throws SQLException {
        if (open != null) {
            open.close();
        }
    }

    private Connection hapi880() throws SQLException {
        open = TestPostgres.hapi880();
        return open.connect();
    }

    private Connection hapi622() throws SQLException {
        open = TestPostgres.hapi622();
        return open.connect();
    }

    private static HapiResources resources(Connection connection) throws SQLException {
        return resources(connection, ZoneOffset.UTC);
    }

    private static HapiResources resources(Connection connection, ZoneId zone) throws SQLException {
        return HapiResources.open(connection, "public", zone);
    }

    private static List<UnreadableBodies> unreadable(Connection connection, Collection<String> types)
            throws SQLException {
        return UnreadableBodies.count(connection, resources(connection), types);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of a query over a relation, which stands for {@code %s}. */
    private static List<@Nullable String> query(
            Connection connection, HapiResources resources, String type, boolean id, boolean meta, String sql)
            throws SQLException {
        String relation = "(" + resources.of(type, id, meta).query() + ") r";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql.replace("%s", relation))) {
            List<@Nullable String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        }
    }

    private static @Nullable String value(Connection connection, String type, boolean id, boolean meta, String sql)
            throws SQLException {
        return query(connection, resources(connection), type, id, meta, sql).getFirst();
    }

    private static @Nullable String plain(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void everyLiveResourceIsThereOnceAndNoDeletedOne() throws SQLException {
        try (Connection connection = hapi880()) {
            TreeMap<String, Long> counted = new TreeMap<>();
            for (String type : HapiDump.HAPI_880.facts().live().keySet()) {
                for (boolean meta : new boolean[] {false, true}) {
                    String count = value(connection, type, true, meta, "select count(distinct key) from %s");
                    counted.put(type, Long.valueOf(String.valueOf(count)));
                    assertThat(value(connection, type, true, meta, "select count(*) from %s"))
                            .isEqualTo(count);
                }
            }
            assertThat(counted).isEqualTo(HapiDump.HAPI_880.facts().live());
        }
    }

    @Test
    void idIsPutBackOnlyWhenAskedFor() throws SQLException {
        try (Connection connection = hapi880()) {
            assertThat(value(connection, "Patient", true, false, """
                    select bool_and(resource ->> 'id' = key and resource #> '{meta,versionId}' is null) from %s""")).isEqualTo("t");
            assertThat(value(connection, "Patient", false, false, "select bool_or(resource ? 'id') from %s"))
                    .isEqualTo("f");
            assertThat(value(connection, "Patient", false, true, """
                    select bool_and(resource ? 'meta' and not resource ? 'id') from %s""")).isEqualTo("t");
        }
    }

    @Test
    void aClientsOwnIdIsTheKey() throws SQLException {
        try (Connection connection = hapi880()) {
            String own = plain(
                    connection,
                    "select fhir_id from hfj_resource where fhir_id <> res_id::text and res_deleted_at is null"
                            + " and res_type = 'Patient' limit 1");
            assertThat(query(connection, resources(connection), "Patient", false, false, "select key from %s"))
                    .contains(own);
        }
    }

    @Test
    void versionIsTheCurrentOneWhateverGapsThereAre() throws SQLException {
        try (Connection connection = hapi880()) {
            assertThat(value(connection, "Patient", false, true, """
                    select count(*) from %s
                      join hfj_resource h on h.fhir_id = key and h.res_type = 'Patient'
                     where version <> h.res_ver or resource -> 'meta' ->> 'versionId' <> h.res_ver::text""")).isEqualTo("0");
            assertThat(value(connection, "Patient", false, true, "select count(*) from %s where version > 1"))
                    .isNotEqualTo("0");
        }
    }

    @Test
    void lastUpdatedIsAnInstantWhateverTheSessionsZoneIs() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, "set timezone = 'Asia/Kathmandu'; set datestyle = 'ISO, DMY'");
            execute(connection, """
                    update hfj_resource set res_updated = '2026-11-20 22:05:45.097'
                     where res_type = 'Patient'""");
            String lastUpdated = "select resource -> 'meta' ->> 'lastUpdated' from %s limit 1";
            assertThat(value(connection, "Patient", false, true, lastUpdated)).isEqualTo("2026-11-20T22:05:45.097Z");
            assertThat(query(
                            connection,
                            resources(connection, ZoneId.of("America/New_York")),
                            "Patient",
                            false,
                            true,
                            lastUpdated))
                    .containsExactly("2026-11-21T03:05:45.097Z");
            assertThat(query(
                            connection,
                            resources(connection, ZoneId.of("+05:30")),
                            "Patient",
                            false,
                            true,
                            lastUpdated))
                    .containsExactly("2026-11-20T16:35:45.097Z");
            assertThat(query(
                            connection, resources(connection, ZoneId.of("UTC+2")), "Patient", false, true, lastUpdated))
                    .containsExactly("2026-11-20T20:05:45.097Z");
        }
    }

    @Test
    void profilesTagsAndStoredMetaAreInMeta() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, """
                    delete from hfj_res_tag where res_type = 'Patient';
                    delete from hfj_tag_def where tag_id < 0;
                    insert into hfj_tag_def (tag_id, tag_type, tag_system, tag_code, tag_display)
                    values (-1, 1, 'ns', 'http://profile', null), (-2, 1, 'ns', 'http://profile', null),
                           (-3, 0, 'http://tags', 'a', 'A'), (-4, 2, 'http://security', 'R', null);
                    insert into hfj_res_tag (pid, tag_id, res_id, res_type)
                    select -d.tag_id + 10000000, d.tag_id, r.res_id, 'Patient'
                      from hfj_tag_def d
                      join (select min(res_id) as res_id from hfj_resource
                             where res_type = 'Patient' and res_deleted_at is null) r on d.tag_id < 0;
                    update hfj_res_ver v
                       set res_text_vc = jsonb_set(res_text_vc::jsonb, '{meta}', '{"source": "kept"}')::text
                      from hfj_resource r
                     where r.res_id = v.res_id and r.res_ver = v.res_ver and r.res_type = 'Patient'
                       and r.res_deleted_at is null
                    """);
            assertThat(query(connection, resources(connection), "Patient", false, true, """
                    select (resource -> 'meta') - 'lastUpdated' - 'versionId'
                      from %s
                     order by resource -> 'meta' ? 'tag' desc, key
                     limit 2"""))
                    .containsExactly(
                            "{\"tag\": [{\"code\": \"a\", \"system\": \"http://tags\", \"display\": \"A\"}], "
                                    + "\"source\": \"kept\", \"profile\": [\"http://profile\"], "
                                    + "\"security\": [{\"code\": \"R\", \"system\": \"http://security\"}]}",
                            "{\"source\": \"kept\"}");
        }
    }

    @Test
    void workersCanReadInParallel() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, FORCE_WORKERS);
            for (boolean meta : new boolean[] {false, true}) {
                assertThat(query(
                                connection,
                                resources(connection),
                                "Observation",
                                true,
                                meta,
                                "explain create table t as select key, resource ->> 'status' as s from %s"))
                        .anyMatch(line -> String.valueOf(line).contains("Gather"));
            }
        }
    }

    @Test
    void keysComeFromForcedIdsWhereThatIsAllThereIs() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, """
                    delete from hfj_forced_id;
                    insert into hfj_forced_id (pid, forced_id, resource_pid, resource_type)
                    select res_id, fhir_id, res_id, res_type from hfj_resource where fhir_id <> res_id::text;
                    create table expected as
                    select fhir_id from hfj_resource where res_type = 'Patient' and res_deleted_at is null;
                    alter table hfj_resource drop column fhir_id cascade
                    """);
            assertThat(value(connection, "Patient", false, false, """
                    select count(*) from %s full join expected on fhir_id = key where key is null or fhir_id is null""")).isEqualTo("0");
        }
    }

    @Test
    void aStaleForcedIdDoesNotHideTheIdOfToday() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, """
                    delete from hfj_forced_id;
                    insert into hfj_forced_id (pid, forced_id, resource_pid, resource_type)
                    select res_id, 'stale-' || res_id, res_id, res_type from hfj_resource where res_type = 'Patient'
                    """);
            assertThat(value(connection, "Patient", false, false, "select count(*) from %s where key like 'stale-%'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void keysAreNumbersWhereHapiHasNothingElse() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(
                    connection,
                    "alter table hfj_resource drop column fhir_id cascade; drop table hfj_forced_id cascade");
            assertThat(value(connection, "Patient", true, false, """
                    select bool_and(key ~ '^[0-9]+$' and resource ->> 'id' = key) from %s""")).isEqualTo("t");
        }
    }

    @Test
    void anotherSchemaWithAnUglyNameIsRead() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, "alter schema public rename to \"HAPI's \"\"FHIR\"\"\"");
            HapiResources resources = HapiResources.open(connection, "HAPI's \"FHIR\"", ZoneOffset.UTC);
            assertThat(query(connection, resources, "Patient", true, true, "select count(*) from %s"))
                    .containsExactly(
                            String.valueOf(HapiDump.HAPI_880.facts().live().get("Patient")));
        }
    }

    @Test
    void aSchemaWithoutHapisTablesIsRefusedNamingTheOneThatHasThem() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, "alter schema public rename to hapi; create schema public");
            Failure failure = catchThrowableOfType(Failure.class, () -> HapiSchema.detect(connection, "public"));
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure).hasMessage("no HAPI FHIR tables in schema \"public\"");
            assertThat(failure.notes().get("try")).containsExactly("--hapi-schema hapi   or   RF_HAPI_SCHEMA=hapi");
        }
    }

    @Test
    void aDatabaseWithoutHapiIsRefused() throws SQLException {
        try (TestDatabase empty = TestPostgres.empty();
                Connection connection = empty.connect()) {
            Failure failure = catchThrowableOfType(Failure.class, () -> HapiSchema.detect(connection, "public"));
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.notes().get("try")).singleElement().asString().contains("no schema of this one");
        }
    }

    @Test
    void tablesOfAnotherLayoutAreRefusedNamingTheColumn() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, "alter table hfj_resource drop column res_deleted_at cascade");
            Failure failure = catchThrowableOfType(Failure.class, () -> HapiSchema.detect(connection, "public"));
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.notes().get("why"))
                    .containsExactly("there is no column res_deleted_at in a table hfj_resource");
        }
    }

    @Test
    void aMissingRightIsLeftToTheServersWords() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, "drop role if exists reads_nothing; create role reads_nothing");
            execute(connection, "set role reads_nothing");
            HapiResources resources = resources(connection);
            SQLException e = catchThrowableOfType(
                    SQLException.class, () -> UnreadableBodies.count(connection, resources, List.of("Patient")));
            assertThat(e.getSQLState()).isEqualTo("42501");
            execute(connection, "reset role; drop role reads_nothing");
        }
    }

    @Test
    void everythingInATodaysDatabaseIsReadable() throws SQLException {
        try (Connection connection = hapi880()) {
            assertThat(unreadable(connection, HapiDump.HAPI_880.facts().live().keySet()))
                    .isEmpty();
        }
    }

    @Test
    void everyOtherBodyOutOfReachHasItsReason() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, """
                    update hfj_res_ver v set res_encoding = 'ESR'
                      from hfj_resource r
                     where r.res_id = v.res_id and r.res_type = 'Patient' and r.res_deleted_at is null
                       and v.res_ver = r.res_ver;
                    update hfj_res_ver set res_text_vc = null where res_type = 'Condition';
                    update hfj_res_ver set res_ver = res_ver + 1000 where res_type = 'Encounter'
                    """);
            assertThat(unreadable(connection, List.of("Condition", "Encounter", "Patient")))
                    .extracting(bodies -> bodies.resourceType() + " " + bodies.reason())
                    .containsExactly("Condition NO_BODY", "Encounter NO_VERSION", "Patient ELSEWHERE");
        }
    }

    @Test
    void aDatabaseWithoutTheTextColumnHasOnlyLargeObjects() throws SQLException {
        try (Connection connection = hapi622()) {
            execute(connection, "alter table hfj_res_ver drop column res_text_vc cascade");
            assertThat(unreadable(connection, List.of("Patient")))
                    .extracting(UnreadableBodies::reason)
                    .contains(Obstacle.UNDECODED);
        }
    }

    @Test
    void aPartitionedDatabaseJoinsOnThePartitionToo() throws SQLException {
        try (Connection connection = hapi880()) {
            execute(connection, """
                    update hfj_resource set partition_id = 1;
                    update hfj_res_ver set partition_id = 1;
                    alter table hfj_resource drop constraint hfj_resource_pkey cascade;
                    alter table hfj_resource add primary key (res_id, partition_id);
                    update hfj_res_ver set partition_id = 2 where res_type = 'Condition'
                    """);
            assertThat(value(connection, "Patient", false, false, "select count(*) from %s"))
                    .isEqualTo(String.valueOf(HapiDump.HAPI_880.facts().live().get("Patient")));
            assertThat(unreadable(connection, List.of("Patient", "Condition")))
                    .extracting(bodies -> bodies.resourceType() + " " + bodies.reason())
                    .containsExactly("Condition NO_VERSION");
        }
    }
}
