package org.researchflow.rf.sandbox;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the sandbox is doing.
 *
 * @param sizeBytes of everything under the folder: binaries, data, logs
 */
public record SandboxStatus(Path folder, Server postgres, Server redis, long sizeBytes) {

    /**
     * One of the sandbox's two servers.
     *
     * @param port the port it listens on, or listened on last; 0 when it never ran
     * @param version as the server says it, or as it is shipped while it does not run
     * @param pid present when it runs
     * @param problem why it does not run although it should
     */
    public record Server(String version, int port, OptionalLong pid, Path data, Optional<String> problem) {

        public boolean running() {
            return pid.isPresent();
        }
    }

    /** Whether the sandbox can be used; Redis may be missing. */
    public boolean running() {
        return postgres.running();
    }
}
