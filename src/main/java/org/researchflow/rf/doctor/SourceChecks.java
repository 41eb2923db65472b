package org.researchflow.rf.doctor;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.OldestTransaction;
import org.researchflow.rf.batch.ServerZone;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.source.SourceCondition;
import org.researchflow.rf.source.SourceName;

/** Whether the resources can be read, and changes among them found at their price. */
final class SourceChecks {

    private static final Duration LONG_OPEN = Duration.ofMinutes(1);

    private final Batch batch;
    private final Clock clock;

    SourceChecks(Batch batch, Clock clock) {
        this.batch = batch;
        this.clock = clock;
    }

    List<Finding> findings(Connection connection) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(Checks.of("resources", batch.database(), () -> resources(connection)));
        if (findings.stream().anyMatch(finding -> finding.level() == Finding.Level.OK)) {
            findings.addAll(Checks.of("time zone", batch.database(), () -> List.of(timeZone(connection))));
        }
        findings.addAll(Checks.of("transactions", batch.database(), () -> List.of(transactions(connection))));
        return findings;
    }

    private List<Finding> resources(Connection connection) throws SQLException {
        SourceSettings settings = batch.settings().on(connection);
        if (settings.source() == SourceName.RESOURCES) {
            settings.resources(connection);
            return List.of(Finding.ok("resources", "what rf load filled"));
        }
        SourceCondition condition = SourceCondition.read(connection, settings.hapiSchema());
        if (!condition.unreadableTables().isEmpty()) {
            return List.of(unreadable(condition.unreadableTables(), connection));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "resources",
                condition.layout() + ", about " + condition.resources() + " resources in schema "
                        + settings.hapiSchema()));
        if (condition.unreadableLargeObjects() > 0) {
            findings.add(Finding.fail(
                            "bodies",
                            condition.unreadableLargeObjects() + " of " + condition.largeObjects()
                                    + " large objects, where HAPI before 7.0 kept longer bodies, may not be read by the"
                                    + " role: such resources have no rows in any view")
                    .fix("rf grants | " + psql()));
        } else if (condition.largeObjects() > 0) {
            findings.add(Finding.ok("bodies", "some are in large objects, which the role may read"));
        }
        for (SourceCondition.Missing missing : condition.withoutIndex()) {
            findings.add(Finding.warn(
                            "indexes",
                            missing.table() + " has no index on " + missing.columns()
                                    + ": what changed is looked up by scanning it")
                    .fix(psql() + " -c " + ShellWord.of(SourceCondition.creation(missing))));
        }
        if (condition.withoutIndex().isEmpty()) {
            findings.add(Finding.ok("indexes", "those that rf looks up resources by are there"));
        }
        return findings;
    }

    /** Who only asks needs no right to HAPI's tables, and has none in a house that is kept well. */
    private Finding unreadable(List<String> tables, Connection connection) throws SQLException {
        String what = "the role may not read " + String.join(", ", tables);
        return ServerChecks.asksOnly(connection)
                ? Finding.warn("resources", what + ": answers are as old as the last refresh")
                : Finding.fail("resources", what).fix("rf grants | " + psql());
    }

    private Finding timeZone(Connection connection) throws SQLException {
        ZoneId zone = batch.settings().serverZone();
        Optional<Duration> ahead = batch.settings()
                .on(connection)
                .resources(connection)
                .ahead(connection)
                .filter(ServerZone::isWrong);
        if (ahead.isEmpty()) {
            return Finding.ok("time zone", "the server's times are read in " + zone + ", and none is in the future");
        }
        Finding finding = Finding.warn(
                "time zone",
                "the newest resource was written %d min in the future: the server does not run in %s"
                        .formatted(ahead.get().toMinutes(), zone));
        return ServerZone.fitting(zone, ahead.get(), clock.instant())
                .map(offset -> finding.fix("export RF_HAPI_TIME_ZONE=" + offset))
                .orElse(finding);
    }

    private Finding transactions(Connection connection) throws SQLException {
        Optional<OldestTransaction> oldest = OldestTransaction.find(connection)
                .filter(held -> held.open()
                        .filter(open -> open.compareTo(LONG_OPEN) >= 0)
                        .isPresent());
        if (oldest.isEmpty()) {
            return Finding.ok("transactions", "none has been open for long");
        }
        OldestTransaction held = oldest.get();
        Finding finding = Finding.warn(
                "transactions",
                "one has been open for %d min, by %s: refreshes read again all that was written since"
                        .formatted(held.open().orElseThrow().toMinutes(), held.holder()));
        return held.pid()
                .map(pid ->
                        finding.fix(String.format(Locale.ROOT, "%s -c 'select pg_terminate_backend(%d)'", psql(), pid)))
                .orElse(finding);
    }

    private String psql() {
        return Psql.to(batch.database().settings());
    }
}
