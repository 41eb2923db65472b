package org.researchflow.rf.cli;

import org.researchflow.rf.batch.RunOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the commands that create views. */
final class CreateFlags {

    @Option(names = "--replace", description = "Build a view anew whose definition has changed.")
    private boolean replace;

    @Option(
            names = "--cascade",
            description = "With --replace: drop what depends on a view that loses or changes columns.")
    private boolean cascade;

    @Option(
            names = "--set-aside",
            description = "Leave out resources on which a view's SQL fails, and say so in every answer.")
    private boolean setAside;

    @Option(names = "--show-keys", description = "Name resources in messages by their keys, not by a hash of them.")
    private boolean showKeys;

    @Option(
            names = "--live",
            description = "Publish sqlonfhir_live.NAME as well: the view as it is now, for whoever speaks SQL.")
    private boolean live;

    @Mixin
    private RunFlags run = new RunFlags();

    @Mixin
    private ScheduleFlags schedule = new ScheduleFlags();

    boolean dryRun() {
        return run.dryRun();
    }

    ScheduleFlags schedule() {
        return schedule;
    }

    boolean live() {
        return live;
    }

    boolean replace() {
        return replace;
    }

    RunOptions options() {
        return run.options().withCascade(cascade).withStrict(!setAside).withShowKeys(showKeys);
    }
}
