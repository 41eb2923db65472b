package org.researchflow.rf.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.sql.Identifiers;

/** Whether the PostgreSQL server is one that rf can work on, as the role that it logs in as. */
final class ServerChecks {

    private static final int OLDEST = 14;
    private static final Duration SKEW = Duration.ofSeconds(5);

    private static final String SERVER = """
            select current_setting('server_version') as version,
                   current_setting('server_version_num')::int / 10000 as major,
                   pg_is_in_recovery() as standby,
                   current_setting('default_transaction_read_only', true) as read_only,
                   pg_backend_pid() as pid,
                   clock_timestamp() as now
            """;

    private static final String BUILDING = """
            select current_user as role,
                   has_database_privilege(current_database(), 'create') as may_create,
                   (select count(*) from pg_catalog.pg_namespace
                     where nspname in ('sqlonfhir', 'sqlonfhir_live', 'sqlonfhir_store')) as there,
                   (select count(*) from pg_catalog.pg_namespace
                     where nspname in ('sqlonfhir', 'sqlonfhir_live', 'sqlonfhir_store')
                       and pg_has_role(nspowner, 'usage')) as owned,
                   coalesce((select has_schema_privilege(oid, 'usage') from pg_catalog.pg_namespace
                              where nspname = 'sqlonfhir'), false) as may_ask,
                   pg_has_role('pg_read_all_stats', 'usage') as sees_sessions
            """;

    private static final String ASKS_ONLY = """
            select coalesce((select has_schema_privilege(oid, 'usage') and not pg_has_role(nspowner, 'usage')
                               from pg_catalog.pg_namespace where nspname = 'sqlonfhir'), false)
            """;

    private final Database database;
    private final Clock clock;

    ServerChecks(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Whether the role asks questions of views that others refresh. */
    static boolean asksOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ASKS_ONLY)) {
            return row.next() && row.getBoolean(1);
        }
    }

    List<Finding> findings(Connection connection) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(Checks.of("postgresql", database, () -> server(connection)));
        findings.addAll(Checks.of("rights", database, () -> rights(connection)));
        return findings;
    }

    private List<Finding> server(Connection connection) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        Instant before = clock.instant();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SERVER)) {
            row.next();
            Instant after = clock.instant();
            String place = "PostgreSQL " + row.getString("version").replaceFirst(" .*", "") + " at "
                    + database.settings().description();
            findings.add(
                    row.getInt("major") < OLDEST
                            ? Finding.fail("postgresql", place + ": rf needs PostgreSQL " + OLDEST + " or later")
                            : row.getBoolean("standby")
                                    ? Finding.fail(
                                            "postgresql",
                                            place + ": a hot standby, and rf writes its views beside HAPI's tables;"
                                                    + " give it the primary server")
                                    : Finding.ok("postgresql", place));
            int told = connection.unwrap(PGConnection.class).getBackendPID();
            if (told != row.getInt("pid")) {
                findings.add(Finding.warn(
                        "pooler",
                        "a connection pooler stands before PostgreSQL: rf's locks belong to a session, so that it must"
                                + " pool sessions (pool_mode = session), not transactions"));
            }
            Instant there = row.getObject("now", OffsetDateTime.class).toInstant();
            Duration off = there.isBefore(before)
                    ? Duration.between(there, before)
                    : there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
            findings.add(
                    off.compareTo(SKEW) > 0
                            ? Finding.warn(
                                            "clock",
                                            "this machine's clock and PostgreSQL's are " + off.toSeconds()
                                                    + " s apart: ages are wrong by as much")
                                    .fix("timedatectl set-ntp true")
                            : Finding.ok("clock", "as PostgreSQL's"));
        }
        return findings;
    }

    private List<Finding> rights(Connection connection) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(BUILDING)) {
            row.next();
            String role = Identifiers.identifier(row.getString("role"));
            boolean builds = row.getInt("owned") == row.getInt("there")
                    && (row.getInt("there") == 3 || row.getBoolean("may_create"));
            if (builds) {
                findings.add(Finding.ok("rights", role + " may create and refresh views"));
            } else if (row.getBoolean("may_ask")) {
                findings.add(Finding.ok("rights", role + " may ask questions of views, and not refresh them"));
            } else {
                findings.add(Finding.fail("rights", role + " may neither create views nor ask questions of them")
                        .fix("rf grants | " + psql()));
            }
            if (builds && !row.getBoolean("sees_sessions")) {
                findings.add(Finding.warn(
                                "rights",
                                role + " cannot see who holds locks and old snapshots: publications wait longer")
                        .fix(psql() + " -c 'grant pg_read_all_stats to " + role + "'"));
            }
        }
        return findings;
    }

    /** The way to the same database for somebody who may do everything. */
    private String psql() {
        return Psql.to(database.settings());
    }
}
