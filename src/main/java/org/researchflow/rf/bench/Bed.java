package org.researchflow.rf.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.rest.Credentials;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.ServingOptions;
import org.researchflow.rf.serving.SpeedSide;
import org.researchflow.rf.speed.RedisSettings;

/**
 * What a bench runs on.
 *
 * @param database that is asked
 * @param settings how its resources are read
 * @param speed where answers find what is new, as configured
 * @param redis that may be filled, under a prefix of the bench's own
 * @param program how rf itself is started, with the options that lead it to this database
 * @param psql PostgreSQL's own program, where there is one
 * @param fhir a FHIR server with the same data
 * @param queries the names of those that are wanted; none means all
 */
public record Bed(
        Database database,
        SourceSettings settings,
        SpeedSide speed,
        Optional<RedisSettings> redis,
        List<String> program,
        Optional<String> psql,
        Optional<FhirAddress> fhir,
        Set<String> queries) {

    /**
     * A FHIR server's REST API.
     *
     * @param base its URL
     * @param credentials to be let in with
     */
    public record FhirAddress(URI base, Credentials credentials) {}

    public Bed {
        program = List.copyOf(program);
        queries = Set.copyOf(queries);
    }

    /** Whether a query is to be measured. */
    boolean wants(String query) {
        return queries.isEmpty() || queries.contains(query);
    }

    /** The same on another database. */
    public Bed on(Database other) {
        return new Bed(other, settings, new SpeedSide.Absent(), redis, program, psql, fhir, queries);
    }

    Batch batch() {
        return new Batch(database, settings);
    }

    Serving serving(RunnerName runner) {
        return serving(runner, runner == RunnerName.HYBRID ? speed : new SpeedSide.Off());
    }

    Serving serving(RunnerName runner, SpeedSide side) {
        return new Serving(
                database,
                settings,
                runner,
                ServingOptions.DEFAULT.withSpeed(side).unlogged());
    }

    /** The folder of the program, to tell whether it is there at all. */
    Optional<Path> launcher() {
        return program.isEmpty() ? Optional.empty() : Optional.of(Path.of(program.getFirst()));
    }
}
