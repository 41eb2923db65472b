package org.researchflow.rf.cli;

import java.util.List;

/** All commands of rf, in the order in which help lists them. */
final class Commands {

    static final List<CommandEntry> ALL = List.of(
            CommandEntry.of(
                    "Views",
                    "views",
                    ViewsGroup::new,
                    CommandEntry.of("Make", "create", ViewsCreate::new),
                    CommandEntry.of("Make", "create-all", ViewsCreateAll::new),
                    CommandEntry.of("Make", "refresh", ViewsRefresh::new),
                    CommandEntry.of("Make", "refresh-all", ViewsRefreshAll::new),
                    CommandEntry.of("Make", "refresh-stale", ViewsRefreshStale::new),
                    CommandEntry.of("Make", "watch", ViewsWatch::new),
                    CommandEntry.of("Make", "set", ViewsSet::new),
                    CommandEntry.of("Make", "drop", ViewsDrop::new),
                    CommandEntry.of("Look", "list", ViewsList::new),
                    CommandEntry.of("Look", "status", ViewsStatus::new),
                    CommandEntry.of("Look", "info", ViewsInfo::new),
                    CommandEntry.of("Look", "health", ViewsHealth::new),
                    CommandEntry.of("Look", "verify", ViewsVerify::new),
                    CommandEntry.of("Look", "sql", ViewsSql::new),
                    CommandEntry.of("Write", "validate", ViewsValidate::new),
                    CommandEntry.of("Write", "preview", ViewsPreview::new)),
            CommandEntry.of("Fill", "load", LoadCommand::new),
            CommandEntry.of("Fill", "poll-fhir", PollCommand::new),
            CommandEntry.of(
                    "Fill",
                    "terminology",
                    TerminologyCommands.Group::new,
                    CommandEntry.of("Hierarchies", "load", TerminologyCommands.Load::new),
                    CommandEntry.of("Hierarchies", "list", TerminologyCommands.Listing::new),
                    CommandEntry.of("Hierarchies", "drop", TerminologyCommands.Drop::new)),
            CommandEntry.of(
                    "Fill",
                    "speed",
                    SpeedCommands.Group::new,
                    CommandEntry.of("Speed", "status", SpeedCommands.Status::new),
                    CommandEntry.of("Speed", "flush", SpeedCommands.Flush::new),
                    CommandEntry.of("Speed", "purge", SpeedCommands.Purge::new)),
            CommandEntry.of(
                    "Ask",
                    "query",
                    QueryCommand::new,
                    CommandEntry.of("By name", "run", SavedQueryCommands.Run::new),
                    CommandEntry.of("By name", "save", SavedQueryCommands.Save::new),
                    CommandEntry.of("By name", "list", SavedQueryCommands.Listing::new),
                    CommandEntry.of("By name", "describe", SavedQueryCommands.Describe::new),
                    CommandEntry.of("By name", "delete", SavedQueryCommands.Delete::new)),
            CommandEntry.of("Ask", "stats", StatsCommand::new),
            CommandEntry.of("Check", "doctor", DoctorCommand::new),
            CommandEntry.of(
                    "Check",
                    "config",
                    ConfigCommands.Group::new,
                    CommandEntry.of("Configuration", "show", ConfigCommands.Show::new),
                    CommandEntry.of("Configuration", "init", ConfigCommands.Init::new),
                    CommandEntry.of("Configuration", "validate", ConfigCommands.Validate::new)),
            CommandEntry.of("Check", "grants", GrantsCommand::new),
            CommandEntry.of("Check", "conformance", ConformanceCommand::new),
            CommandEntry.of("Check", "bench", BenchCommand::new),
            CommandEntry.of("Learn", "demo", DemoCommand::new),
            CommandEntry.of(
                    "Learn",
                    "sandbox",
                    SandboxCommands.Group::new,
                    CommandEntry.of("Sandbox", "start", SandboxCommands.Start::new),
                    CommandEntry.of("Sandbox", "stop", SandboxCommands.Stop::new),
                    CommandEntry.of("Sandbox", "load", SandboxLoad::new),
                    CommandEntry.of("Sandbox", "status", SandboxCommands.Status::new),
                    CommandEntry.of("Sandbox", "reset", SandboxCommands.Reset::new)),
            CommandEntry.of("Learn", "completion", CompletionCommand::new),
            CommandEntry.of("Learn", "help", HelpCommand::new));

    private Commands() {}
}
