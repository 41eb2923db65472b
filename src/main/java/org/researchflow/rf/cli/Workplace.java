package org.researchflow.rf.cli;

import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionResolver;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.sandbox.Sandbox;
import org.researchflow.rf.sandbox.SandboxAddress;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.ServingOptions;
import org.researchflow.rf.source.SourceName;

/**
 * The database that a command works on.
 *
 * @param database the configured one, or the sandbox
 * @param settings how the resources in it are to be read
 * @param isSandbox whether it is the sandbox, in which rf may do as it likes
 */
record Workplace(Database database, SourceSettings settings, boolean isSandbox) {

    /** Finds the database as configured; the sandbox where that is asked for, or where nothing is configured. */
    static Workplace of(Invocation rf) {
        if (rf.options().sandbox()) {
            SandboxAddress address =
                    sandbox(rf).running().orElseGet(() -> sandbox(rf).start(new SandboxSteps(rf.progress())));
            return at(address, "--sandbox", rf);
        }
        Optional<ConnectionSettings> configured = configured(rf);
        rf.configuration().warnings().forEach(rf.messages()::warning);
        if (configured.isPresent()) {
            configured.get().warnings().forEach(rf.messages()::warning);
            return new Workplace(watched(configured.get(), rf), settings(rf), false);
        }
        SandboxAddress address = sandbox(rf).running().orElseThrow(Workplace::nothingConfigured);
        rf.messages().remark("using the sandbox, since no database is configured");
        return at(address, "the sandbox", rf);
    }

    /** The database that somebody named; empty when nobody did. */
    static Optional<ConnectionSettings> configured(Invocation rf) {
        return ConnectionResolver.resolve(rf.options().dbUrl(), rf.configuration(), System.getProperty("user.name"));
    }

    /** The same, except that the sandbox is started where nothing is configured. */
    static Workplace orSandbox(Invocation rf) {
        return configured(rf).isPresent() || rf.options().sandbox()
                ? of(rf)
                : at(sandbox(rf).start(new SandboxSteps(rf.progress())), "the sandbox", rf);
    }

    /** The sandbox at this address. */
    static Workplace at(SandboxAddress address, String origin, Invocation rf) {
        ConnectionSettings connection = ConnectionSettings.of(
                new Address(address.host(), address.port()),
                address.database(),
                address.user(),
                Optional.of(address.password()),
                origin);
        return new Workplace(watched(connection, rf), settings(rf), true);
    }

    /** Ctrl-C stops whatever a command has under way in the database. */
    private static Database watched(ConnectionSettings settings, Invocation rf) {
        return new Database(settings, rf.cancellation()::register);
    }

    static Sandbox sandbox(Invocation rf) {
        return Sandbox.at(rf.environment().dataFolder());
    }

    private static SourceSettings settings(Invocation rf) {
        return new SourceConfiguration(rf.configuration()).settings();
    }

    private static Failure nothingConfigured() {
        return Failure.unreachable("no database is configured, and the sandbox is not running")
                .note("try", "rf demo                                  a tour in a private sandbox")
                .note("try", "rf sandbox start                         the sandbox alone")
                .note("try", "RF_DB_URL=postgresql://user@host/name    your HAPI server's database");
    }

    /** The same with its resources from there, whatever was chosen. */
    Workplace from(SourceName source) {
        return new Workplace(database, settings.from(source), isSandbox);
    }

    /** The same, where nobody waits long for a server that does not answer. */
    Workplace inAHurry(int seconds) {
        return new Workplace(database.on(database.settings().connectingWithin(seconds)), settings, isSandbox);
    }

    Batch batch() {
        return new Batch(database, settings);
    }

    Serving serving(RunnerName runner) {
        return serving(runner, ServingOptions.DEFAULT.unlogged());
    }

    Serving serving(RunnerName runner, ServingOptions options) {
        return new Serving(database, settings, runner, options);
    }
}
