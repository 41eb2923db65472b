package org.researchflow.rf.bench;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.sandbox.Progress;
import org.researchflow.rf.sandbox.Sandbox;
import org.researchflow.rf.sandbox.SandboxAddress;
import org.researchflow.rf.view.Pack;

/**
 * A database in the sandbox that a bench made for itself, with all views of the pack; it is dropped in the end.
 *
 * @param bed on it
 */
public record SandboxBed(Bed bed, Sandbox sandbox, String name) implements AutoCloseable {

    private static final String PREFIX = "rf_bench_";

    /** Makes it out of the bundled sample: the same patients for the same number and seed. */
    public static SandboxBed make(Bed model, Sandbox sandbox, int patients, long seed, Progress progress)
            throws SQLException {
        // Whoever was killed could not take his away.
        for (String left : sandbox.databases(PREFIX)) {
            if (!isAlive(left)) {
                sandbox.drop(left);
            }
        }
        String name = PREFIX + ProcessHandle.current().pid();
        SandboxAddress address = sandbox.sampleDatabase(name, progress);
        Bed bed = model.onOwn(ConnectionSettings.of(
                new Address(address.host(), address.port()),
                address.database(),
                address.user(),
                Optional.of(address.password()),
                "the bench's own data"));
        SandboxBed made = new SandboxBed(bed, sandbox, name);
        try {
            progress.begun("Making " + patients + " patients");
            SampleData.grow(bed.database(), patients, seed);
            progress.done();
            progress.begun("Creating " + Pack.FHIR.names().size() + " views");
            for (Outcome outcome :
                    bed.batch().create(Pack.FHIR.views(), true, RunOptions.DEFAULT, RefreshScenario.NOBODY)) {
                if (outcome instanceof Outcome.Failed(String _, Failure failure, Optional<Instant> _)) {
                    throw failure;
                }
            }
            progress.done();
            return made;
        } catch (SQLException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** Whether the process runs that a database is named after. */
    private static boolean isAlive(String database) {
        String process = database.substring(PREFIX.length());
        return process.matches("[0-9]{1,18}")
                && ProcessHandle.of(Long.parseLong(process)).isPresent();
    }

    @Override
    public void close() throws SQLException {
        Uninterrupted.run(() -> sandbox.drop(name));
    }
}
