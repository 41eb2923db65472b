package org.researchflow.rf.sandbox;

import java.util.Optional;

/** A process that may be one of our servers: pid files outlive their process, and pids are given again. */
record ServerProcess(long pid) {

    /** Whether it runs and was called with this text, such as the folder of its data. */
    boolean runsWith(String argument) {
        return commandLine().filter(line -> line.contains(argument)).isPresent();
    }

    /** Ends it at once; what it has not written is lost. */
    void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Empty also for a process that has ended and that nobody has taken notice of, as happens in containers. */
    private Optional<String> commandLine() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().commandLine());
    }
}
