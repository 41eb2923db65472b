package org.researchflow.rf;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * The bodies of a HAPI database laid out so that plain SQL can count them, independently of how rf reads them:
 * temporary tables {@code body} (each version's JSON), {@code key_of} (each resource's logical id), {@code reference}
 * (what any version refers to), {@code live} (the current JSON of what is not deleted).
 */
final class HapiBodies {

    private HapiBodies() {}

    static void decode(Connection connection) throws SQLException, IOException {
        execute(connection, """
                create temp table body as
                select res_id, res_ver, res_text_vc::text as json from hfj_res_ver where res_text_vc is not null
                """);
        gunzipLargeObjects(connection);
        // to_jsonb, because only newer versions have the column fhir_id
        execute(connection, """
                create temp table key_of as
                select r.res_id, r.res_type as type, coalesce(to_jsonb(r) ->> 'fhir_id', f.forced_id, r.res_id::text) as id
                  from hfj_resource r left join hfj_forced_id f on f.resource_pid = r.res_id
                """);
        execute(connection, """
                create temp table reference as
                select res_id, m[1] as type, m[2] as id
                  from body, regexp_matches(json, '"reference":"([A-Z][A-Za-z]+)/([^"/]+)', 'g') m
                """);
        // jsonb cannot hold the character U+0000, and no count needs it
        execute(connection, """
                create temp table live as
                select k.type, k.id, replace(b.json, '\\u0000', '')::jsonb as resource
                  from hfj_resource r join key_of k using (res_id) left join body b using (res_id, res_ver)
                 where r.res_deleted_at is null
                """);
    }

    private static void gunzipLargeObjects(Connection connection) throws SQLException, IOException {
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(
                        "select res_id, res_ver, lo_get(res_text) from hfj_res_ver where res_text is not null");
                PreparedStatement insert = connection.prepareStatement("insert into body values (?, ?, ?)")) {
            while (rows.next()) {
                insert.setLong(1, rows.getLong(1));
                insert.setLong(2, rows.getLong(2));
                try (GZIPInputStream json = new GZIPInputStream(new ByteArrayInputStream(rows.getBytes(3)))) {
                    insert.setString(3, new String(json.readAllBytes(), StandardCharsets.UTF_8));
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Counts the known answers; {@link #decode} has run on this connection. */
    static HapiFacts facts(Connection connection) throws SQLException {
        return new HapiFacts(
                number(connection, "select count(*) from hfj_resource"),
                number(connection, "select count(*) from hfj_res_ver"),
                number(connection, "select count(*) from hfj_res_ver where res_text is not null"),
                counts(connection, """
                        select res_type, count(*) from hfj_resource where res_deleted_at is not null group by 1
                        """),
                counts(connection, "select type, count(*) from live group by 1"),
                counts(connection, """
                        select coalesce(resource ->> 'gender', 'none'), count(*) from live where type = 'Patient' group by 1
                        """),
                byCode(connection),
                number(connection, """
                        select count(*) from live left join jsonb_array_elements(resource -> 'code' -> 'coding') on true
                         where type = 'Condition'
                        """));
    }

    private static SortedMap<String, SortedMap<String, Long>> byCode(Connection connection) throws SQLException {
        SortedMap<String, SortedMap<String, Long>> byCode = new TreeMap<>();
        for (String code : Set.of("44054006", "73211009", "59621000", "15777000", "444814009")) {
            byCode.put(code, counts(connection, """
                    select coalesce(p.resource ->> 'gender', 'none'), count(distinct p.id)
                      from live p
                      join live c on c.type = 'Condition' and c.resource #>> '{subject,reference}' = 'Patient/' || p.id
                     where p.type = 'Patient'
                       and c.resource @> '{"code": {"coding": [{"system": "http://snomed.info/sct", "code": "%s"}]}}'
                     group by 1
                    """.formatted(code)));
        }
        return byCode;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static Set<Long> numbers(Connection connection, String sql) throws SQLException {
        Set<Long> numbers = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return numbers(connection, sql).iterator().next();
    }

    private static SortedMap<String, Long> counts(Connection connection, String sql) throws SQLException {
        SortedMap<String, Long> counts = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counts;
    }
}
