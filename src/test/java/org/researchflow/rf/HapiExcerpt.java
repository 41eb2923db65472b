package org.researchflow.rf;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Makes the excerpts in {@code src/test/resources/hapi} out of the whole dumps, and the fact files of both. The same
 * dumps give the same bytes. Run it where {@code ../shared/hapi} is:
 *
 * <pre>{@code
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath
 * java -cp target/test-classes:target/classes:$(cat target/test.classpath) org.researchflow.rf.HapiExcerpt
 * }</pre>
 *
 * <p>An excerpt is the dump with fewer rows: every statement and every column stays. It keeps every resource that a
 * client named itself (they hold the odd texts, references and ids), the patients below with all that refers to them,
 * all versions, tags and large objects of these, and the practitioners, places and products that they refer to.
 */
final class HapiExcerpt implements PgDump.Parts {

    /**
     * Server-assigned patients to keep: deleted ones, partial birth dates, lost versions, conditions with two codings,
     * deleted conditions, diabetes, and otherwise those with few resources.
     */
    private static final Map<HapiDump, List<String>> PATIENTS = Map.of(
            HapiDump.HAPI_880,
            List.of("9113", "10856", "16287", "2137", "32196", "38286", "8494", "12590"),
            HapiDump.HAPI_622,
            List.of("2571", "4724", "1138"));

    /** Which column of a table names the resource that a row belongs to, and by which its rows are ordered. */
    private static final Map<String, List<String>> TABLES = Map.of(
            "hfj_resource", List.of("res_id", "res_id"),
            "hfj_res_ver", List.of("res_id", "pid"),
            "hfj_res_tag", List.of("res_id", "pid"),
            "hfj_history_tag", List.of("res_id", "pid"),
            "hfj_forced_id", List.of("resource_pid", "pid"),
            "hfj_res_ver_prov", List.of("res_pid", "res_ver_pid"));

    private static final Pattern COPY = Pattern.compile("COPY public\\.(\\w+) (\\(.*\\)) FROM stdin", Pattern.DOTALL);
    private static final Pattern LARGE_OBJECT = Pattern.compile("SELECT pg_catalog\\.lo_(?:create|open)\\('(\\d+)'.*");

    private final CopyManager copies;
    private final Set<Long> largeObjects;
    private final OutputStream excerpt;
    private boolean inKeptLargeObject;

    private HapiExcerpt(Connection connection, Set<Long> largeObjects, OutputStream excerpt) throws SQLException {
        this.copies = connection.unwrap(PGConnection.class).getCopyAPI();
        this.largeObjects = largeObjects;
        this.excerpt = excerpt;
    }

    public static void main(String[] arguments) throws Exception {
        Path target = Path.of("src/test/resources/hapi");
        for (HapiDump dump : HapiDump.values()) {
            Path file = target.resolve(dump.fileName() + "-excerpt.sql.gz");
            try (TestDatabase whole = TestPostgres.copyOf(dump);
                    Connection connection = whole.connect()) {
                HapiBodies.decode(connection);
                writeFacts(target.resolve(dump.fileName() + "-facts.json"), connection);
                HapiBodies.execute(
                        connection, "create temp table kept as " + kept(PATIENTS.getOrDefault(dump, List.of())));
                write(dump, connection, file);
            }
            try (TestDatabase excerpt = TestPostgres.empty();
                    Connection connection = excerpt.connect()) {
                try (InputStream text = HapiDump.unzip(Files.newInputStream(file))) {
                    PgDump.read(text, new DumpReplay(connection));
                }
                HapiBodies.execute(connection, "set search_path = public");
                HapiBodies.decode(connection);
                writeFacts(target.resolve(dump.fileName() + "-excerpt-facts.json"), connection);
            }
        }
    }

    private static void write(HapiDump dump, Connection connection, Path file) throws SQLException, IOException {
        Set<Long> largeObjects = HapiBodies.numbers(
                connection, "select res_text from hfj_res_ver join kept using (res_id) where res_text is not null");
        try (InputStream text = dump.open();
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            PgDump.read(text, new HapiExcerpt(connection, largeObjects, out));
        }
    }

    private static void writeFacts(Path file, Connection connection) throws SQLException, IOException {
        String json = JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(HapiBodies.facts(connection));
        Files.writeString(file, json + "\n");
    }

    /** The res_id of every resource to keep. */
    private static String kept(List<String> patients) {
        return """
                with recursive
                  patient as (
                    select id from key_of where type = 'Patient' and (id !~ '^[0-9]+$' or id in ('%s'))),
                  compartment as (
                    select k.res_id from key_of k
                     where k.id !~ '^[0-9]+$' and k.id not in ('bin-1', 'big-narrative')
                        or k.type = 'Patient' and k.id in (select id from patient)
                        or k.type = 'Condition' and k.res_id in (select res_id from hfj_resource where res_deleted_at is not null)
                    union
                    select r.res_id from reference r join patient p on r.type = 'Patient' and r.id = p.id
                      join key_of k on k.res_id = r.res_id and k.type <> 'Provenance'),
                  kept as (
                    select res_id from compartment
                    union
                    select k.res_id
                      from kept
                      join reference r on r.res_id = kept.res_id
                      join key_of k on k.type = r.type and k.id = r.id
                     where k.type in ('Practitioner', 'PractitionerRole', 'Organization', 'Location', 'Medication', 'Device'))
                select res_id from kept
                """.formatted(String.join("','", patients));
    }

    @Override
    public void statement(String sql) throws IOException {
        Matcher largeObject = LARGE_OBJECT.matcher(sql);
        if (largeObject.matches()) {
            inKeptLargeObject = largeObjects.contains(Long.valueOf(largeObject.group(1)));
        }
        boolean ofLargeObject = sql.startsWith("SELECT pg_catalog.lo");
        if (!ofLargeObject || inKeptLargeObject) {
            print(sql + ";\n");
        }
    }

    @Override
    public void copy(String sql, InputStream rows) throws SQLException, IOException {
        rows.transferTo(OutputStream.nullOutputStream());
        print(sql + ";\n");
        Matcher copy = COPY.matcher(sql);
        if (!copy.matches()) {
            throw new IOException("not a COPY that is understood: " + sql);
        }
        String table = copy.group(1);
        String columns = copy.group(2).substring(1, copy.group(2).length() - 1);
        List<String> keys = TABLES.getOrDefault(table, List.of());
        copies.copyOut(
                "copy (select " + columns + " from public." + table
                        + (keys.isEmpty()
                                ? " order by 1"
                                : " where " + keys.getFirst() + " in (select res_id from kept) order by "
                                        + keys.getLast())
                        + ") to stdout",
                excerpt);
        print("\\.\n");
    }

    private void print(String text) throws IOException {
        excerpt.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
