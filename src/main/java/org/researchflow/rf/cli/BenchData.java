package org.researchflow.rf.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.bench.Bed;
import org.researchflow.rf.bench.SandboxBed;
import org.researchflow.rf.bench.ScenarioName;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.rest.FhirServer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what a bench runs on. */
final class BenchData {

    private static final int SAMPLE = 131;

    @Option(
            names = "--patients",
            paramLabel = "N",
            description =
                    "In the sandbox: data of its own with so many patients, made out of the bundled sample and dropped"
                            + " in the end (what writes does so there anyway; default: 131).")
    private @Nullable Integer patients;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Which patients these are, where the sample does not go into their number (default: 1).")
    private long seed = 1;

    @Option(
            names = "--allow-writes",
            description = "Let speed, refresh and freshness write new patients and new versions of resources into a"
                    + " database that is not the sandbox. All of it is taken out again in the end.")
    private boolean writing;

    @Option(
            names = "--query",
            paramLabel = "NAME",
            description = "Only this query of those that the scenarios have, such as diabetes or merge-100; can be"
                    + " repeated.")
    private List<String> queries = new ArrayList<>();

    @Option(names = "--fhir-url", paramLabel = "URL", description = "For rest: a FHIR server with the same data.")
    private @Nullable String fhir;

    @Mixin
    private FhirLogin login = new FhirLogin();

    /**
     * Where scenarios run.
     *
     * @param configured the database that the command line names, for what only reads
     * @param made data of the bench's own
     * @param mayWrite whether what writes may run on the configured one
     */
    record Beds(Bed configured, Optional<SandboxBed> made, boolean mayWrite, Map<String, String> description)
            implements AutoCloseable {

        /** The bed that a scenario runs on, if it may. */
        Optional<Bed> bed(ScenarioName name) {
            if (name == ScenarioName.STARTUP || made.isEmpty()) {
                return Optional.of(configured).filter(_ -> mayWrite || !name.isWriting());
            }
            return made.map(SandboxBed::bed);
        }

        Bed any() {
            return made.map(SandboxBed::bed).orElse(configured);
        }

        @Override
        public void close() throws SQLException {
            if (made.isPresent()) {
                made.get().close();
            }
        }
    }

    /**
     * Finds or makes them.
     *
     * @param lenient whether what may not run is passed over
     */
    Beds beds(Invocation rf, List<ScenarioName> chosen, boolean lenient) throws SQLException {
        if (patients != null && patients < 1) {
            throw Failure.usage("--patients must be at least 1");
        }
        Workplace workplace = Workplace.of(rf);
        boolean sandbox = workplace.isSandbox();
        if (patients != null && !sandbox) {
            throw Failure.usage("--patients makes data in the sandbox, and another database is configured")
                    .note("try", "--sandbox");
        }
        Optional<ScenarioName> refused =
                chosen.stream().filter(ScenarioName::isWriting).findFirst();
        if (refused.isPresent() && !sandbox && !writing && !lenient) {
            throw Failure.usage(refused.get() + " writes resources, and the configured database is not the sandbox")
                    .note("try", "--sandbox --patients 1000     (data of its own)")
                    .note("try", "--allow-writes                (into this database, and out of it again)");
        }
        Bed bed = bed(rf, workplace);
        Map<String, String> description = new LinkedHashMap<>();
        if (sandbox && (refused.isPresent() || patients != null)) {
            int number = patients == null ? SAMPLE : patients;
            description.put("data", number + " patients of the sample, seed " + seed);
            SandboxBed own = SandboxBed.make(bed, Workplace.sandbox(rf), number, seed, new SandboxSteps(rf.progress()));
            return new Beds(bed, Optional.of(own), true, description);
        }
        description.put("data", sandbox ? "the sandbox" : "the configured database");
        return new Beds(bed, Optional.empty(), writing, description);
    }

    private Bed bed(Invocation rf, Workplace workplace) {
        Optional<FhirServer> server = Optional.ofNullable(fhir)
                .map(url -> new FhirServer(
                        FhirLogin.base("--fhir-url", url),
                        login.credentials(rf.configuration()),
                        FhirServer.Limits.STANDARD,
                        _ -> false));
        return new Bed(
                workplace.database(),
                workplace.settings(),
                ConfiguredSpeed.of(rf).side(),
                RedisPlace.find(rf),
                new Bed.Beside(program(rf), onPath("psql", rf.environment()), server),
                queries(),
                true);
    }

    /** The names of the queries that are wanted; none means all. */
    Set<String> queries() {
        return new LinkedHashSet<>(queries);
    }

    private static Optional<String> onPath(String program, Environment environment) {
        return Stream.of(environment.get("PATH").orElse("").split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** rf itself, with the options that lead it to the same database. */
    private static List<String> program(Invocation rf) {
        List<String> program = new ArrayList<>();
        Optional.ofNullable(System.getProperty("rf.home"))
                .ifPresent(home -> program.add(Path.of(home, "bin", "rf").toString()));
        rf.options()
                .typed()
                .forEach((key, value) -> key.flag().ifPresent(flag -> {
                    program.add(flag);
                    if (key != ConfigKey.LENIENT) {
                        program.add(value);
                    }
                }));
        rf.options().profile().ifPresent(profile -> program.addAll(List.of("--profile", profile)));
        if (rf.options().sandbox()) {
            program.add("--sandbox");
        }
        return program;
    }
}
