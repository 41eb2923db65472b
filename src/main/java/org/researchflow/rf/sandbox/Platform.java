package org.researchflow.rf.sandbox;

import java.util.Locale;
import org.researchflow.rf.Failure;

/** A kind of machine that the sandbox's servers are shipped for, and what they are called in their jars. */
enum Platform {
    LINUX_AMD64("linux-x86_64", "6.2.6-v5-linux-amd64"),
    LINUX_ARM64("linux-arm_64", "6.2.7-linux-arm64"),
    DARWIN_ARM64("darwin-arm_64", "6.2.6-v5-darwin-arm64");

    private final String postgres;
    private final String redis;

    Platform(String postgres, String redis) {
        this.postgres = postgres;
        this.redis = redis;
    }

    /** The platform for the values of {@code os.name} and {@code os.arch}. */
    static Platform of(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        boolean arm = osArch.equals("aarch64") || osArch.equals("arm64");
        boolean intel = osArch.equals("amd64") || osArch.equals("x86_64");
        if (os.equals("linux") && intel) {
            return LINUX_AMD64;
        } else if (os.equals("linux") && arm) {
            return LINUX_ARM64;
        } else if (os.startsWith("mac") && arm) {
            return DARWIN_ARM64;
        }
        throw Failure.failed("the sandbox does not run on " + osName + " " + osArch)
                .note("why", "its PostgreSQL is shipped for Linux (x86-64, arm64) and macOS (arm64) only")
                .note("try", "--db-url postgresql://user@host/database     with a PostgreSQL of your own");
    }

    String postgresResource() {
        return "/postgres-" + postgres + ".txz";
    }

    String redisResource() {
        return "/redis-server-" + redis;
    }
}
