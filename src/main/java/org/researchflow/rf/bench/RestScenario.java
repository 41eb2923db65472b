package org.researchflow.rf.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.serving.RunnerName;

/** The diabetes question to rf, and to a FHIR server that has the same data. */
record RestScenario(List<Subject> subjects) implements Scenario {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SEARCH =
            "Patient?gender=male&_has:Condition:patient:code=44054006&_summary=count&_total=accurate";

    static RestScenario open(Bed bed) throws SQLException, IOException {
        Bed.FhirAddress fhir = bed.fhir()
                .orElseThrow(() -> Failure.usage("no FHIR server is named")
                        .note("try", "rf bench rest --fhir-url https://fhir.example.org/fhir"));
        QueryScenario.materialized(bed);
        BenchQuery query = new BenchQuery.OfCohort("diabetes", BenchQuery.MEN_WITH_DIABETES);
        Asking rest = new Asking(
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build(), request(fhir));
        try (Connection connection = bed.database().connect()) {
            long mine = query.ask(bed.serving(RunnerName.HYBRID), connection);
            long theirs = rest.count();
            if (mine != theirs) {
                throw Failure.failed("rf and the FHIR server do not agree, and nothing is measured")
                        .note("answers", "rf " + mine + ", the server " + theirs)
                        .note("why", "other data, or conditions entered in error, which rf leaves out");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted").causedBy(e);
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
        subjects.add(new LoadGenerator(new Series("rest", query.name(), "fhir"), 1, () -> rest::count, cpu));
        return new RestScenario(List.copyOf(subjects));
    }

    private static HttpRequest request(Bed.FhirAddress fhir) {
        String base = fhir.base().toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(base + (base.endsWith("/") ? "" : "/") + SEARCH.replace("|", "%7C")))
                .timeout(Duration.ofMinutes(2))
                .header("Accept", "application/fhir+json");
        if (!fhir.credentials().header().isEmpty()) {
            request.header("Authorization", fhir.credentials().header());
        }
        return request.build();
    }

    /** Asks over HTTP connections that are kept. */
    private record Asking(HttpClient client, HttpRequest request) {

        long count() throws IOException, InterruptedException {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw Failure.unreachable("the FHIR server answered with status " + response.statusCode());
            }
            try {
                JsonNode total = JSON.readTree(response.body()).path("total");
                if (!total.isIntegralNumber()) {
                    throw Failure.failed("the FHIR server's answer has no total");
                }
                return total.asLong();
            } catch (JsonProcessingException e) {
                throw Failure.failed("the FHIR server's answer is not JSON").causedBy(e);
            }
        }
    }
}
