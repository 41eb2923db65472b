package org.researchflow.rf.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.SpeedStatus;

/** Whether Redis keeps what it is given, and somebody polls into it. */
public final class SpeedChecks {

    private static final Duration LATE = Duration.ofMinutes(1);

    private SpeedChecks() {}

    /** What is found of a Redis. */
    public static List<Finding> findings(RedisSettings redis) {
        SpeedStatus status;
        try {
            status = SpeedStatus.readBriefly(redis);
        } catch (Failure e) {
            return List.of(Checks.of("redis", e));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(status.eviction()
                .map(why -> Finding.warn("redis", why)
                        .fix(client(status.place()) + " config set maxmemory-policy noeviction"))
                .orElseGet(() -> Finding.ok(
                        "redis",
                        "Redis " + status.redisVersion() + " at " + status.place() + ", which evicts nothing")));
        findings.add(poller(status));
        return findings;
    }

    private static Finding poller(SpeedStatus status) {
        if (!status.polled()) {
            String what = status.coverage()
                    .map(coverage -> "nothing polls; Redis is complete as of " + coverage.asOf())
                    .orElseGet(() -> "nothing polls: answers look for changes in the database");
            return Finding.warn("poller", what).fix("rf poll-fhir --every 1s");
        }
        boolean late = status.age().filter(age -> age.compareTo(LATE) > 0).isPresent();
        if (late) {
            return Finding.warn(
                            "poller",
                            "at work, and its last round is "
                                    + status.age().orElseThrow().toSeconds() + " s old")
                    .fix("rf speed status");
        }
        return status.why()
                .map(why -> Finding.warn("poller", "at work, and its changes are complete for nothing yet: " + why))
                .orElseGet(() -> Finding.ok("poller", "at work"));
    }

    private static String client(String place) {
        int colon = place.lastIndexOf(':');
        return colon < 0
                ? "redis-cli"
                : "redis-cli -h " + ShellWord.of(place.substring(0, colon)) + " -p " + place.substring(colon + 1);
    }
}
