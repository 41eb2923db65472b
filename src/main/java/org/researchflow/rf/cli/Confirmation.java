package org.researchflow.rf.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/**
 * The question before something that is kept by name is given up.
 *
 * @param command that asks, such as {@code rf query delete}
 * @param verb what it does
 * @param past what it has done then
 */
record Confirmation(String command, String verb, String past) {

    /**
     * Has the name typed again.
     *
     * @throws Failure if another one is, or there is nobody to type it
     */
    void require(Invocation rf, String name) throws IOException {
        if (!rf.terminal().stdin() || !rf.terminal().stderr()) {
            throw Failure.usage(command + " asks first, and there is no terminal to ask on")
                    .note("try", command + " " + name + " --yes");
        }
        rf.messages().remark(verb + " " + name + "? Type its name to go on:");
        @Nullable String answer = new BufferedReader(new InputStreamReader(rf.in(), StandardCharsets.UTF_8)).readLine();
        if (answer == null || !answer.strip().equals(name)) {
            throw Failure.failed("nothing was " + past).note("why", "the name was not typed");
        }
    }
}
