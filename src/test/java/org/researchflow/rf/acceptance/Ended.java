package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * What a command left behind.
 *
 * @param code its exit code
 * @param out what it printed as its answer
 * @param err what it said besides
 */
record Ended(int code, String out, String err) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The same, once it is sure that the command did what it was asked. */
    Ended done() {
        assertThat(code).as(err).isZero();
        return this;
    }

    /** The same, once it is sure that the command gave up with this code and answered nothing. */
    Ended failed(int exit) {
        assertThat(code).as(err).isEqualTo(exit);
        assertThat(out).isEmpty();
        assertThat(err).doesNotContain("mistake in rf", "Exception");
        return this;
    }

    JsonNode json() {
        try {
            return JSON.readTree(done().out);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + out, e);
        }
    }

    List<String> lines() {
        return done().out.lines().toList();
    }
}
