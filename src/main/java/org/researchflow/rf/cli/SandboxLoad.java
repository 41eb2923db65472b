package org.researchflow.rf.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import org.researchflow.rf.sandbox.BudgetSample;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rf sandbox load}. */
@Command(
        description = {
            "Makes the tables of a pack, with sample data.",
            "The pack kpi reads a school network's budget in the schema efir_budget: versions with their enrolment,"
                    + " classes, teaching hours, teachers, revenue and costs. They are made in the configured database,"
                    + " and in the sandbox where none is configured. Tables that are there are left as they are; a schema"
                    + " efir_budget with other tables is refused."
        },
        footer = {"rf sandbox load kpi", "rf --sandbox sandbox load kpi"})
final class SandboxLoad implements Action {

    /** What can be loaded. */
    enum Data {
        KPI;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "PACK", description = "The pack: kpi.")
    private Data data = Data.KPI;

    @Override
    public ExitCode run(Invocation rf) throws SQLException {
        Workplace workplace = Workplace.orSandbox(rf);
        try (Connection connection = workplace.database().connect()) {
            boolean loaded = BudgetSample.load(connection);
            String next = rf.here().in("rf views create-all --pack kpi");
            rf.output()
                    .document(
                            "rf.sandbox-load/v1",
                            Map.of("pack", data.toString(), "loaded", loaded),
                            (loaded
                                            ? "Loaded " + BudgetSample.CONTENTS + " into the schema efir_budget."
                                            : "The tables of the schema efir_budget are there; nothing was changed.")
                                    + "\nTry:  " + next);
            return ExitCode.DONE;
        } catch (SQLException e) {
            throw workplace.database().failure(e);
        }
    }
}
