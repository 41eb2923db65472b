package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.sql.Identifiers;

/** The indexes of a stored table: on the resource's key, and on the columns that people search by. */
final class Indexes {

    private static final Pattern KEY = Pattern.compile(".*\\.(getResourceKey\\(\\)|getReferenceKey\\(\\w*\\))");

    private static final Pattern PATIENT = Pattern.compile("\\w+\\.subject\\.getReferenceKey\\(Patient\\)");
    private static final Pattern CODE = Pattern.compile("\\w+\\.(\\w+\\.coding|class)\\.code");
    private static final Pattern STATUS =
            Pattern.compile("Condition\\.verificationStatus\\.coding\\.code\\.first\\(\\)|\\w+\\.status");

    private static final Pattern WORDS =
            Pattern.compile("\\w+\\.(code|type|medicationCodeableConcept)\\.(coding\\.display|text(\\.first\\(\\))?)");

    // PostgreSQL's program_limit_exceeded: a value too long for a B-tree.
    private static final String TOO_LONG = "54000";

    private Indexes() {}

    /** Creates them, inside of a transaction. */
    static void create(Connection connection, long number, long generation, List<Column> columns) throws SQLException {
        int count = 1;
        create(connection, number, generation, count, "(rf_key)");
        for (Column column : columns) {
            if (isSearched(column)) {
                create(connection, number, generation, ++count, on(column, columns));
            }
        }
        List<Column> words = columns.stream().filter(Indexes::isWords).toList();
        Optional<String> trigrams = words.isEmpty() ? Optional.empty() : trigrams(connection);
        if (trigrams.isPresent()) {
            create(
                    connection,
                    number,
                    generation,
                    ++count,
                    words.stream()
                            .map(column -> Identifiers.identifier(column.name()) + " " + trigrams.get())
                            .collect(Collectors.joining(", ", "using gin (", ")")));
        }
    }

    /** What a thing is called, in words in which people look for others. */
    private static boolean isWords(Column column) {
        boolean text = column.sqlType().startsWith("text") || column.sqlType().startsWith("character");
        return text && WORDS.matcher(path(column)).matches();
    }

    /** How the extension pg_trgm indexes texts, where a database has it: by it words are found within them. */
    private static Optional<String> trigrams(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select n.nspname
                          from pg_catalog.pg_opclass o
                          join pg_catalog.pg_am a on a.oid = o.opcmethod and a.amname = 'gin'
                          join pg_catalog.pg_namespace n on n.oid = o.opcnamespace
                          join pg_catalog.pg_depend d on d.classid = 'pg_opclass'::regclass and d.objid = o.oid
                           and d.refclassid = 'pg_extension'::regclass
                          join pg_catalog.pg_extension e on e.oid = d.refobjid and e.extname = 'pg_trgm'
                         where o.opcname = 'gin_trgm_ops' and has_schema_privilege(n.oid, 'usage')
                        """)) {
            return row.next() ? Optional.of(Identifiers.qualified(row.getString(1), "gin_trgm_ops")) : Optional.empty();
        }
    }

    /**
     * What an index for a column is on. "Who is a man" is answered by the index on genders alone when it has the keys. "Which patients have this code" is answered by the index on codes alone when it
     * has the patients and the status, by which records made in error are left out: no row of the table is looked at.
     */
    static String on(Column column, List<Column> columns) {
        String own = Identifiers.identifier(column.name());
        Optional<Column> key = columns.stream()
                .filter(other -> path(other).equals("Patient.getResourceKey()"))
                .findFirst();
        if (path(column).equals("Patient.gender") && key.isPresent()) {
            return "(" + own + ", " + Identifiers.identifier(key.get().name()) + ")";
        }
        Optional<Column> patient = columns.stream()
                .filter(other -> PATIENT.matcher(path(other)).matches())
                .findFirst();
        if (!CODE.matcher(path(column)).matches() || patient.isEmpty()) {
            return "(" + own + ")";
        }
        List<String> status = columns.stream()
                .filter(other -> STATUS.matcher(path(other)).matches())
                .map(other -> Identifiers.identifier(other.name()))
                .toList();
        return "(" + own + ", " + Identifiers.identifier(patient.get().name()) + ")"
                + (status.isEmpty() ? "" : " include (" + String.join(", ", status) + ")");
    }

    private static String path(Column column) {
        return column.collection() ? "" : column.path().orElse("");
    }

    /** Keys, codes and dates, told by what the column means before its name is asked. */
    static boolean isSearched(Column column) {
        String path = column.path().orElse("");
        String name = column.name().toLowerCase(Locale.ROOT);
        boolean text = column.sqlType().startsWith("text") || column.sqlType().startsWith("character");
        boolean key = KEY.matcher(path).matches() || name.equals("id") || name.endsWith("_id");
        boolean code = column.fhirType().equals("code") || path.endsWith(".code");
        boolean moment = column.sqlType().equals("date") || column.sqlType().startsWith("timestamp");
        return !column.collection() && (moment || (text && (key || code)));
    }

    /** Whether rows were refused that the stored table can take without one of its indexes. */
    static boolean isTooLong(SQLException error) {
        return TOO_LONG.equals(error.getSQLState());
    }

    private static void create(Connection connection, long number, long generation, int count, String on)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.execute("create index " + Generation.storeName(number, generation) + "_i" + count + " on "
                    + Generation.store(number, generation) + " " + on);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!isTooLong(e)) {
                throw e;
            }
            // The view is right without this index, only slower: such a column holds no codes or keys.
            connection.rollback(before);
        }
    }
}
