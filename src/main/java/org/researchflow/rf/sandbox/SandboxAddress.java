package org.researchflow.rf.sandbox;

import java.util.Optional;

/**
 * Where the sandbox's servers listen and how to be let in.
 *
 * @param redisUri holds the password; empty where Redis does not run
 */
public record SandboxAddress(
        String host, int port, String database, String user, String password, Optional<String> redisUri) {

    /** Without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** The address alone, so that no log can hold the password. */
    @Override
    public String toString() {
        return jdbcUrl();
    }
}
