package org.researchflow.rf.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.SpeedStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rf speed} and what is below it. */
final class SpeedCommands {

    private SpeedCommands() {}

    /** {@code rf speed}. */
    @Command(
            description = {
                "The changes that Redis holds for live answers.",
                "rf poll-fhir puts them there. Nothing that only Redis has can be lost with it: answers are then computed"
                        + " from the database, and the next poll begins anew."
            },
            footer = {"rf speed status", "rf speed flush --yes"})
    static final class Group {}

    /** {@code rf speed status}. */
    @Command(
            description = "Tells what Redis holds, and what it is complete for.",
            footer = {"rf speed status", "rf speed status -o json"})
    static final class Status implements Action {
        @Override
        public ExitCode run(Invocation rf) {
            SpeedStatus status = SpeedStatus.read(RedisPlace.require(rf));
            rf.output().document("rf.speed/v1", content(status), text(rf, status));
            status.eviction().ifPresent(rf.messages()::warning);
            return ExitCode.DONE;
        }

        private static Map<String, @Nullable Object> content(SpeedStatus status) {
            Map<String, @Nullable Object> content = new LinkedHashMap<>();
            content.put("redis", status.place());
            content.put("redisVersion", status.redisVersion());
            content.put("memoryBytes", status.memoryBytes());
            content.put("covered", status.coverage().isPresent());
            content.put("why", status.why().orElse(null));
            content.put(
                    "asOf", status.coverage().map(coverage -> coverage.asOf()).orElse(null));
            content.put("written", status.written().orElse(null));
            content.put(
                    "ageSeconds",
                    status.age().map(age -> age.toMillis() / 1000.0).orElse(null));
            content.put("polled", status.polled());
            content.put(
                    "origin",
                    status.coverage().map(coverage -> coverage.origin()).orElse(null));
            content.put(
                    "changes",
                    status.types().stream()
                            .collect(Collectors.toMap(
                                    SpeedStatus.Type::name, SpeedStatus.Type::changes, Long::sum, LinkedHashMap::new)));
            content.put("eviction", status.eviction().orElse(null));
            return content;
        }

        private static String text(Invocation rf, SpeedStatus status) {
            String coverage = status.coverage()
                    .map(found -> "complete as of " + found.asOf())
                    .orElse("none: " + status.why().orElse("unknown"));
            String types = status.types().stream()
                    .filter(type -> type.changes() > 0)
                    .map(type ->
                            "\n  " + type.name() + "  " + rf.output().wording().count(type.changes()))
                    .collect(Collectors.joining());
            return "Redis     " + status.place() + ", version " + status.redisVersion() + ", "
                    + rf.output().wording().size(status.memoryBytes())
                    + "\ncoverage  " + coverage
                    + "\npoller    "
                    + (status.polled() ? "at work" : rf.here().in("none at work;  rf poll-fhir --every 1s  starts one"))
                    + "\nchanges   " + (types.isEmpty() ? "none" : types);
        }
    }

    /** {@code rf speed flush}. */
    @Command(
            description = {
                "Forgets the changes in Redis, and what they are complete for.",
                "Answers are computed from the database until the next poll, which begins anew. On a terminal it asks;"
                        + " elsewhere --yes is needed."
            },
            footer = {"rf speed flush", "rf speed flush --yes"})
    static final class Flush implements Action {
        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        public ExitCode run(Invocation rf) throws IOException {
            RedisSettings redis = RedisPlace.require(rf);
            confirm(rf, confirmation, "flush", "forget the changes in Redis at " + redis.place());
            return done(rf, SpeedStatus.flush(redis));
        }
    }

    /** {@code rf speed purge}. */
    @Command(
            description = {
                "Removes everything of rf's from Redis: all keys that begin with the prefix and fhir:.",
                "It looks through all keys that Redis has. On a terminal it asks; elsewhere --yes is needed."
            },
            footer = {"rf speed purge", "rf speed purge --yes"})
    static final class Purge implements Action {
        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        public ExitCode run(Invocation rf) throws IOException {
            RedisSettings redis = RedisPlace.require(rf);
            confirm(
                    rf,
                    confirmation,
                    "purge",
                    "remove all keys " + redis.prefix() + "fhir:* from Redis at " + redis.place());
            return done(rf, SpeedStatus.purge(redis));
        }
    }

    private static ExitCode done(Invocation rf, long removed) {
        rf.output()
                .document(
                        "rf.speed/v1",
                        Map.of("removedKeys", removed),
                        rf.output().wording().count(removed) + " keys removed");
        return ExitCode.DONE;
    }

    private static void confirm(Invocation rf, Confirmation confirmation, String verb, String what) throws IOException {
        confirmation.require(rf, "rf speed " + verb, List.of(), "removed", List.of(Confirmation.Question.of(what)));
    }
}
