package org.researchflow.rf.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a client shows a FHIR server; never printed.
 *
 * @param header the value of the header {@code Authorization}; empty for none
 */
public record Credentials(String header) {

    public static final Credentials NONE = new Credentials("");

    public static Credentials bearer(String token) {
        return new Credentials("Bearer " + token);
    }

    public static Credentials basic(String user, String password) {
        return new Credentials("Basic "
                + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return header.isEmpty() ? "none" : "hidden";
    }
}
