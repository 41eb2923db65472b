package org.researchflow.rf.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.rest.FhirServer;
import org.researchflow.rf.serving.RunnerName;

/** The diabetes question to rf, and to a FHIR server that has the same data. */
record RestScenario(FhirServer server, List<Subject> subjects) implements Scenario {

    /** As FHIR can say it: there is no search for a condition with this code <em>and</em> not entered in error. */
    private static final String SEARCH = "Patient?gender=male&_has:Condition:patient:code=44054006";

    static RestScenario open(Bed bed) throws SQLException {
        FhirServer server = bed.beside()
                .fhir()
                .orElseThrow(() -> Failure.usage("no FHIR server is named")
                        .note("try", "rf bench rest --fhir-url https://fhir.example.org/fhir"));
        QueryScenario.materialized(bed);
        BenchQuery query = new BenchQuery.OfCohort("diabetes", BenchQuery.MEN_WITH_DIABETES);
        try (Connection connection = bed.database().connect()) {
            Runners.agree(query, bed, connection);
            requireSame(query.ask(bed.serving(RunnerName.HYBRID), connection), server);
        }
        ServerCpu cpu = ServerCpu.of(bed.database());
        List<Subject> subjects = new ArrayList<>();
        for (RunnerName runner : List.of(RunnerName.MATERIALIZED, RunnerName.HYBRID)) {
            subjects.add(new LoadGenerator(
                    new Series("rest", query.name(), runner.toString()),
                    1,
                    () -> Runners.asking(query, bed.serving(runner)),
                    cpu));
        }
        subjects.add(
                new LoadGenerator(new Series("rest", query.name(), "fhir"), 1, () -> () -> server.count(SEARCH), cpu));
        return new RestScenario(server, List.copyOf(subjects));
    }

    private static void requireSame(long mine, FhirServer server) {
        long theirs;
        try {
            theirs = server.count(SEARCH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted").causedBy(e);
        }
        if (mine != theirs) {
            throw Failure.failed("rf and the FHIR server do not agree, and nothing is measured")
                    .note("answers", "rf " + mine + ", the server " + theirs)
                    .note("why", "other data, or conditions entered in error, which rf leaves out");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
