package org.researchflow.rf.cli;

import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.sandbox.Sandbox;
import org.researchflow.rf.sandbox.SandboxAddress;

/**
 * Starts the sandbox, makes its views and polls once, so that {@link Training} finds what people have; prints the
 * variables that lead there, as a shell reads them.
 */
final class TrainingGround {

    private static final List<List<String>> COMMANDS = List.of(
            List.of("-q", "sandbox", "start"),
            List.of("-q", "--sandbox", "views", "create-all"),
            List.of("-q", "--sandbox", "poll-fhir"));

    private TrainingGround() {}

    public static void main(String... args) {
        Main.prepare();
        Environment environment = Environment.of(System.getenv());
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        for (List<String> command : COMMANDS) {
            Host host = new Host(
                    OutputStream.nullOutputStream(),
                    err,
                    new ByteArrayInputStream(new byte[0]),
                    environment,
                    Terminal.none(),
                    Clock.system(ZoneOffset.UTC),
                    new Cancellation());
            int code = new Main(host).run(command.toArray(String[]::new));
            if (code != 0) {
                System.exit(code);
            }
        }
        SandboxAddress address = Sandbox.at(environment.dataFolder())
                .running()
                .orElseThrow(() -> Failure.failed("the sandbox does not run"));
        TextStream out = new TextStream(new FileOutputStream(FileDescriptor.out));
        out.line("export RF_DB_URL='postgresql://%s@%s:%d/%s' PGPASSWORD='%s'"
                .formatted(address.user(), address.host(), address.port(), address.database(), address.password()));
        out.line("export PGUSER='%s' PGHOST='%s' PGPORT='%d' PGDATABASE='%s'"
                .formatted(address.user(), address.host(), address.port(), address.database()));
        address.redisUri().ifPresent(uri -> out.line("export RF_REDIS_URL='" + uri + "'"));
        out.flush();
    }
}
