package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.researchflow.rf.batch.Intention;

/** What {@code --dry-run} prints: for each view what would be done, how and why. */
final class DryRun {

    private static final Answer ANSWER = Answer.of(
            "rf.dry-run/v1",
            "views",
            Field.text("VIEW", "name"),
            Field.text("WOULD", "action"),
            Field.count("CHANGED", "changed"),
            Field.text("BECAUSE", "because"));

    private static final Answer WITH_SQL = Answer.of(
            "rf.dry-run/v1",
            "views",
            Field.text("VIEW", "name"),
            Field.text("WOULD", "action"),
            Field.text("BECAUSE", "because"),
            Field.text("SQL", "sql"));

    private DryRun() {}

    static ExitCode print(Invocation rf, List<Intention> intentions) throws IOException, SQLException {
        rf.output().rows(ANSWER, sink -> {
            intentions.forEach(intention -> sink.row(
                    intention.view(),
                    intention.action().word(),
                    intention.changed().orElse(null),
                    intention.because().orElse(null)));
            sink.footer("nothing was changed");
        });
        return ExitCode.DONE;
    }

    /** The same with the statements that would be executed, which a person can paste into psql. */
    static ExitCode printSql(Invocation rf, List<Intention> intentions) throws IOException, SQLException {
        if (rf.output().format() == OutputFormat.TABLE) {
            StringBuilder text = new StringBuilder();
            for (Intention intention : intentions) {
                text.append("-- ")
                        .append(intention.view())
                        .append(": ")
                        .append(intention.action().word());
                intention.because().ifPresent(why -> text.append(", ").append(why));
                text.append('\n');
                intention.sql().forEach(statement -> text.append(statement).append(";\n"));
            }
            rf.output().text(text + "-- nothing was changed\n");
            return ExitCode.DONE;
        }
        rf.output()
                .rows(
                        WITH_SQL,
                        sink -> intentions.forEach(intention -> sink.row(
                                intention.view(),
                                intention.action().word(),
                                intention.because().orElse(null),
                                intention.sql())));
        return ExitCode.DONE;
    }
}
