package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.conformance.Conformance;
import org.researchflow.rf.conformance.Report;
import org.researchflow.rf.conformance.SuiteFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rf conformance}. */
@Command(
        description = {
            "Runs a suite of SQL-on-FHIR cases and writes the report in the suite's format.",
            "The cases run on the configured PostgreSQL, or in the sandbox; nothing is stored. An error that a case"
                    + " expects must be the view's own fault. The exit code is 4 if a case fails."
        },
        footer = {"rf conformance --suite sql-on-fhir-v2/tests", "rf conformance --suite tests --report my_report.json"
        })
final class ConformanceCommand implements Action {

    @Option(
            names = "--suite",
            paramLabel = "DIR",
            required = true,
            description = "A folder with the suite's JSON files.")
    private @Nullable Path suite;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Where the report goes (default: test_report.json in this folder).")
    private Path report = Path.of("test_report.json");

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Path folder = Optional.ofNullable(suite).orElseThrow();
        if (!Files.isDirectory(folder)) {
            throw Failure.usage("no folder " + folder);
        }
        Report result;
        try (Connection connection = Workplace.of(rf).database().connect()) {
            result = Conformance.run(SuiteFile.readAll(folder), connection);
        }
        Files.writeString(report, result.json() + "\n");
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("cases", result.cases());
        document.put("passed", result.passed());
        document.put("failed", result.cases() - result.passed());
        document.put("report", report.toString());
        rf.output()
                .document(
                        "rf.conformance/v1",
                        document,
                        String.join("\n", result.summary()) + "\n" + result.passed() + " of " + result.cases()
                                + " cases passed; the report is in " + report);
        return result.passed() == result.cases() ? ExitCode.DONE : ExitCode.CHECK;
    }
}
