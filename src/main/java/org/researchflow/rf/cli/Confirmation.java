package org.researchflow.rf.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import picocli.CommandLine.Option;

/** The questions before something is given up, and the option that says not to ask them. */
final class Confirmation {

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    /**
     * A question before something is given up.
     *
     * @param what is to be done
     * @param word that has to be typed
     * @param meaning of the word
     */
    record Question(String what, String word, String meaning) {

        /** One that is answered with a name. */
        static Question named(String what, String name) {
            return new Question(what, name, "its name");
        }

        /** One that is answered with yes. */
        static Question of(String what) {
            return new Question(what, "yes", "yes");
        }
    }

    /**
     * Asks.
     *
     * @param command that asks, such as {@code rf query delete}
     * @param operands of it
     * @param past what it has done then, such as {@code deleted}
     * @throws Failure if another word is typed, or there is nobody to type one
     */
    void require(Invocation rf, String command, List<String> operands, String past, List<Question> questions)
            throws IOException {
        if (yes) {
            return;
        }
        if (!rf.terminal().stdin() || !rf.terminal().stderr()) {
            throw Failure.usage(command + " asks first, and there is no terminal to ask on")
                    .note(
                            "try",
                            command + operands.stream().map(name -> " " + name).reduce("", String::concat) + " --yes");
        }
        BufferedReader answers = new BufferedReader(new InputStreamReader(rf.in(), StandardCharsets.UTF_8));
        for (Question question : questions) {
            rf.messages().remark(question.what() + "? Type " + question.meaning() + " to go on:");
            @Nullable String answer = answers.readLine();
            if (answer == null || !answer.strip().equals(question.word())) {
                throw Failure.failed("nothing was " + past).note("why", question.meaning() + " was not typed");
            }
        }
    }
}
