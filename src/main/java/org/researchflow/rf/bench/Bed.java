package org.researchflow.rf.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Catalog;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.rest.FhirServer;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.ServingOptions;
import org.researchflow.rf.serving.SpeedSide;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.speed.RedisSettings;

/**
 * What a bench runs on.
 *
 * @param database that is asked
 * @param settings how its resources are read
 * @param speed where answers find what is new, as configured
 * @param redis that may be filled, under a prefix of the bench's own
 * @param beside what is measured beside it
 * @param queries the names of those that are wanted; none means all
 * @param lasting whether the database is there after the bench
 */
public record Bed(
        Database database,
        SourceSettings settings,
        SpeedSide speed,
        Optional<RedisSettings> redis,
        Beside beside,
        Set<String> queries,
        boolean lasting) {

    /**
     * What is measured beside a database.
     *
     * @param program how rf itself is started, with the options that lead it to the configured database
     * @param psql PostgreSQL's own program, where there is one
     * @param fhir a FHIR server with the same data
     */
    public record Beside(List<String> program, Optional<String> psql, Optional<FhirServer> fhir) {
        public Beside {
            program = List.copyOf(program);
        }

        /** The program itself, to tell whether it is there at all. */
        Optional<Path> launcher() {
            return program.isEmpty() ? Optional.empty() : Optional.of(Path.of(program.getFirst()));
        }
    }

    public Bed {
        queries = Set.copyOf(queries);
    }

    /** Whether a query is to be measured. */
    boolean wants(String query) {
        return queries.isEmpty() || queries.contains(query);
    }

    /** The same on a database of HAPI's that is dropped in the end, and of which no speed layer knows. */
    Bed onOwn(ConnectionSettings other) {
        return new Bed(
                database.on(other),
                settings.from(SourceName.HAPI),
                new SpeedSide.Absent(),
                redis,
                beside,
                queries,
                false);
    }

    /** The same, once it is known that its resources are in a HAPI server's tables. */
    Bed onHapi() {
        return new Bed(database, settings.from(SourceName.HAPI), speed, redis, beside, queries, lasting);
    }

    /** The same with connections that nobody watches: one that is borrowed for each question, or not to be stopped. */
    Bed unwatched() {
        return new Bed(new Database(database.settings()), settings, speed, redis, beside, queries, lasting);
    }

    /** The same for what has to be done even when rf is interrupted, if anything is left of it. */
    Bed toTheEnd() {
        return lasting ? unwatched() : this;
    }

    /** A Redis under a prefix of the bench's own. */
    RedisSettings ownRedis(String name) {
        RedisSettings configured = redis.orElseThrow(() -> Failure.usage("no Redis is configured")
                .note("try", "RF_REDIS_URL=redis://host:6379   or   --sandbox, which has one of its own"));
        return configured.withPrefix(configured.prefix() + "rf-bench:" + name + ":");
    }

    /** The views over resources that people can read; SQLViews are asked otherwise. */
    List<String> views() throws SQLException {
        try (Connection connection = database.connect()) {
            return Catalog.ofResources(connection).stream()
                    .map(Materialization::view)
                    .toList();
        }
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
}
