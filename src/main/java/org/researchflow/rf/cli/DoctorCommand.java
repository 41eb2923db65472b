package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigFile;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.doctor.Doctor;
import org.researchflow.rf.doctor.Finding;
import org.researchflow.rf.doctor.SpeedChecks;
import org.researchflow.rf.sandbox.SandboxAddress;
import org.researchflow.rf.speed.RedisSettings;
import picocli.CommandLine.Command;

/** {@code rf doctor}. */
@Command(
        description = {
            "Checks everything that rf stands on, and says what to type where something is wrong.",
            "The configuration, Java, PostgreSQL and the rights in it, HAPI's tables and the bodies in large objects, the"
                    + " server's time zone, indexes, transactions that stay open, the views, Redis, the poller and the"
                    + " clock. It only reads, and waits two seconds at most for a server that does not answer"
                    + " (PGCONNECT_TIMEOUT: longer). Ends with 4 when something fails; warnings end with 0."
        },
        footer = {"rf doctor", "rf doctor -o json"})
final class DoctorCommand implements Action {

    private static final Answer ANSWER = Answer.of(
            "rf.doctor/v1",
            "checks",
            Field.text("STATE", "state"),
            Field.text("CHECK", "check"),
            Field.text("FOUND", "found"),
            Field.text("FIX", "fix"));

    /** PGCONNECT_TIMEOUT says another, as for every connection. */
    private static final int LONGEST_LOGIN_SECONDS = 2;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(configuration(rf.configuration()));
        findings.add(java());
        if (findings.stream().noneMatch(DoctorCommand::failed)) {
            findings.addAll(variables(rf.configuration()));
            findings.addAll(services(rf));
        }
        Whereabouts here = rf.here();
        findings.replaceAll(
                finding -> finding.fix().map(here::in).map(finding::fix).orElse(finding));
        if (rf.output().format() == OutputFormat.TABLE) {
            rf.output().text(text(rf, findings));
        } else {
            rf.output().rows(ANSWER, sink -> {
                for (Finding finding : findings) {
                    sink.row(
                            finding.level().name().toLowerCase(Locale.ROOT),
                            finding.check(),
                            finding.what(),
                            finding.fix().orElse(null));
                }
                sink.about("healthy", findings.stream().noneMatch(DoctorCommand::failed));
            });
        }
        return findings.stream().anyMatch(DoctorCommand::failed) ? ExitCode.CHECK : ExitCode.DONE;
    }

    private static boolean failed(Finding finding) {
        return finding.level() == Finding.Level.FAIL;
    }

    private static List<Finding> configuration(Configuration configuration) {
        List<Finding> findings = new ArrayList<>();
        List<ConfigFile> files = configuration.files();
        boolean sound = true;
        for (ConfigFile file : files) {
            for (Failure problem : file.problems()) {
                sound = false;
                findings.add(Finding.fail("configuration", problem.what()).fix("rf config validate"));
            }
            file.warnings()
                    .forEach(warning -> findings.add(Finding.warn("configuration", warning.replaceFirst("; run .*", ""))
                            .fix("chmod 600 " + file.shownAs())));
        }
        configuration.unknownVariables().forEach((name, near) -> {
            Finding finding = Finding.warn(
                    "configuration",
                    "the variable " + name + " means nothing to rf"
                            + near.map(other -> "; " + other + " does").orElse(""));
            findings.add(finding.fix("unset " + name));
        });
        if (sound) {
            try {
                int given = configuration.given().size();
                findings.addFirst(Finding.ok(
                        "configuration",
                        (files.isEmpty()
                                        ? "no file"
                                        : String.join(
                                                ", ",
                                                files.stream()
                                                        .map(ConfigFile::shownAs)
                                                        .toList()))
                                + ", " + given + (given == 1 ? " setting" : " settings")));
            } catch (Failure e) {
                findings.add(Finding.fail("configuration", e.what()).fix("rf config validate"));
            }
        }
        return findings;
    }

    /** What rf's variables say is otherwise looked at by the commands that need it; files are checked as a whole. */
    private static List<Finding> variables(Configuration configuration) {
        List<Finding> findings = new ArrayList<>();
        configuration.given().forEach((key, value) -> {
            if (key.ownVariables().contains(value.origin()) && !key.form().fits(value.text())) {
                findings.add(Finding.fail(
                                "configuration",
                                value.origin() + " has a value that it cannot have: it takes "
                                        + key.form().inWords())
                        .fix("unset " + value.origin()));
            }
        });
        return findings;
    }

    /** The launcher says whether a cache made the start quick. */
    private static Finding java() {
        String java = "Java " + Runtime.version().feature() + " in " + System.getProperty("java.home");
        return switch (System.getProperty("rf.cache", "")) {
            case "aot" -> Finding.ok("java", java + ", started from a cache");
            case "cds" -> Finding.ok("java", java + ", started from a shared archive");
            case "none" ->
                Finding.warn("java", java + ", without a cache: each command starts half a second later")
                        .fix("mkdir -p ~/.cache/rf");
            default -> Finding.ok("java", java);
        };
    }

    private static List<Finding> services(Invocation rf) {
        List<Finding> findings = new ArrayList<>();
        Optional<SandboxAddress> sandbox = Workplace.sandbox(rf).running();
        try {
            boolean configured =
                    !rf.options().sandbox() && Workplace.configured(rf).isPresent();
            if (!configured && sandbox.isEmpty()) {
                return List.of(Finding.fail("postgresql", "no database is configured, and the sandbox is not running")
                        .fix("rf sandbox start"));
            }
            Workplace workplace = Workplace.of(rf);
            findings.addAll(new Doctor(workplace.inAHurry(LONGEST_LOGIN_SECONDS).batch(), rf.clock()).findings());
            Optional<RedisSettings> redis = RedisPlace.find(rf);
            findings.addAll(redis.map(SpeedChecks::findings)
                    .orElseGet(() -> List.of(
                            Finding.ok("redis", "none is configured: answers look for changes in the database"))));
        } catch (Failure e) {
            findings.add(Finding.fail("configuration", e.what()).fix("rf config show --origin"));
        }
        return findings;
    }

    private static String text(Invocation rf, List<Finding> findings) {
        int width = findings.stream()
                .mapToInt(finding -> finding.check().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(mark(rf.output().style(), finding.level()))
                    .append(' ')
                    .append(finding.check())
                    .append(" ".repeat(width - finding.check().length() + 2))
                    .append(Printable.line(finding.what()));
            finding.fix().ifPresent(fix -> text.append("   fix: ").append(Printable.line(fix)));
            text.append('\n');
        }
        Map<Finding.Level, Long> counts = new EnumMap<>(Finding.Level.class);
        findings.forEach(finding -> counts.merge(finding.level(), 1L, Long::sum));
        return text.append(counts.getOrDefault(Finding.Level.OK, 0L))
                .append(" ok, ")
                .append(counts.getOrDefault(Finding.Level.WARN, 0L))
                .append(" to look at, ")
                .append(counts.getOrDefault(Finding.Level.FAIL, 0L))
                .append(" failed")
                .toString();
    }

    private static String mark(Style style, Finding.Level level) {
        return switch (level) {
            case OK -> style.green("[ok]  ");
            case WARN -> style.yellow("[warn]");
            case FAIL -> style.red("[FAIL]");
        };
    }
}
