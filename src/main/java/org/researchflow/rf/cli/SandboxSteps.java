package org.researchflow.rf.cli;

import java.util.Optional;

/** The steps of the sandbox as lines of progress. */
final class SandboxSteps implements org.researchflow.rf.sandbox.Progress {

    private final Progress progress;
    private Optional<Progress.Item> running = Optional.empty();

    SandboxSteps(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void begun(String step) {
        running = Optional.of(progress.start(step));
    }

    @Override
    public void done() {
        running.ifPresent(Progress.Item::done);
        running = Optional.empty();
    }
}
