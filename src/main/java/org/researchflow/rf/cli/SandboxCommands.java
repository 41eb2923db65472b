package org.researchflow.rf.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.sandbox.Sandbox;
import org.researchflow.rf.sandbox.SandboxAddress;
import org.researchflow.rf.sandbox.SandboxStatus;
import picocli.CommandLine.Command;

/** {@code rf sandbox} and what is below it. */
final class SandboxCommands {

    private SandboxCommands() {}

    /** {@code rf sandbox}. */
    @Command(
            description = {
                "A private PostgreSQL and Redis with sample data.",
                "They come with rf, listen on this machine only and keep their data below the folder for user data"
                        + " (XDG_DATA_HOME). The patients are synthetic. Other commands use the sandbox when no"
                        + " database is configured, or with --sandbox."
            },
            footer = {"rf sandbox start", "rf --sandbox views list", "rf sandbox stop"})
    static final class Group {}

    /** {@code rf sandbox start}. */
    @Command(
            description = "Starts the sandbox, and loads the sample data the first time.",
            footer = {"rf sandbox start"})
    static final class Start implements Action {
        @Override
        public ExitCode run(Invocation rf) {
            Sandbox sandbox = Workplace.sandbox(rf);
            SandboxAddress address = sandbox.start(new SandboxSteps(rf.progress()));
            printRunning(rf, address, sandbox.status());
            return ExitCode.DONE;
        }
    }

    /** {@code rf sandbox stop}. */
    @Command(
            description = "Stops the sandbox; its data stay.",
            footer = {"rf sandbox stop"})
    static final class Stop implements Action {
        @Override
        public ExitCode run(Invocation rf) {
            boolean stopped = Workplace.sandbox(rf).stop();
            rf.output()
                    .document(
                            "rf.sandbox/v1",
                            Map.of("running", false, "stopped", stopped),
                            stopped ? "The sandbox is stopped." : "The sandbox was not running.");
            return ExitCode.DONE;
        }
    }

    /** {@code rf sandbox status}. */
    @Command(
            description = "Tells whether the sandbox runs, and where.",
            footer = {"rf sandbox status", "rf sandbox status -o json"})
    static final class Status implements Action {
        @Override
        public ExitCode run(Invocation rf) {
            SandboxStatus status = Workplace.sandbox(rf).status();
            rf.output().document("rf.sandbox/v1", content(status), text(rf, status));
            return ExitCode.DONE;
        }

        private static String text(Invocation rf, SandboxStatus status) {
            return "PostgreSQL " + line(status.postgres()) + "\nRedis      " + line(status.redis()) + "\nfolder     "
                    + status.folder() + " (" + rf.output().wording().size(status.sizeBytes()) + ")"
                    + (status.running() ? "" : "\nStart it:  rf sandbox start");
        }

        private static String line(SandboxStatus.Server server) {
            String state = server.running()
                    ? "runs on 127.0.0.1:" + server.port() + ", process "
                            + server.pid().getAsLong()
                    : "is stopped";
            return server.version() + " " + state
                    + server.problem().map(problem -> ": " + problem).orElse("");
        }
    }

    /** {@code rf sandbox reset}. */
    @Command(
            description = {
                "Throws the sandbox's data away and starts it with the sample data anew.",
                "Only the sandbox is touched, never a configured database."
            },
            footer = {"rf sandbox reset"})
    static final class Reset implements Action {

        @Override
        public ExitCode run(Invocation rf) {
            Sandbox sandbox = Workplace.sandbox(rf);
            SandboxAddress address = sandbox.reset(new SandboxSteps(rf.progress()));
            printRunning(rf, address, sandbox.status());
            return ExitCode.DONE;
        }
    }

    private static void printRunning(Invocation rf, SandboxAddress address, SandboxStatus status) {
        rf.output()
                .document(
                        "rf.sandbox/v1",
                        content(status),
                        "PostgreSQL " + status.postgres().version() + " on " + address.host() + ":" + address.port()
                                + ", database " + address.database() + "\nTry:  rf --sandbox views create-all");
    }

    private static Map<String, @Nullable Object> content(SandboxStatus status) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("running", status.running());
        content.put("postgres", content(status.postgres()));
        content.put("redis", content(status.redis()));
        content.put("folder", status.folder().toString());
        content.put("sizeBytes", status.sizeBytes());
        return content;
    }

    private static Map<String, @Nullable Object> content(SandboxStatus.Server server) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("running", server.running());
        content.put("version", server.version());
        content.put("host", "127.0.0.1");
        content.put("port", server.port());
        content.put("pid", server.pid().isPresent() ? server.pid().getAsLong() : null);
        content.put("problem", server.problem().orElse(null));
        return content;
    }
}
