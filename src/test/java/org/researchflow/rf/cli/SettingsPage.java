package org.researchflow.rf.cli;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.researchflow.rf.config.ConfigKey;

/** The page of the documentation that lists all settings. */
final class SettingsPage {

    private SettingsPage() {}

    static String text() {
        StringBuilder page = new StringBuilder("""
                # Settings

                <!-- Written by `make docs` from the program's own table. -->

                The strongest one counts: a flag; rf's own variables (`RF_…`); variables of other programs (`PGHOST`,
                `DATABASE_URL`, …); `~/.config/rf/config.toml` (`XDG_CONFIG_HOME`); `/etc/xdg/rf/config.toml`
                (`XDG_CONFIG_DIRS`); `/etc/rf/config.toml`; the default. `rf config show --origin` says who gave each value,
                `rf config init` writes a file to begin with, `rf config validate` checks files. Keys that rf does not know
                are errors.

                A file has tables with the names in front of the dot:

                ```toml
                [database]
                url = "postgresql://rf@db.example.org/hapi"
                password_file = "/etc/rf/database-password"

                [profile.staging.database]
                url = "postgresql://rf@staging.example.org/hapi"
                ```

                A profile stands where it was chosen: by `--profile staging` right below the flags, by `RF_PROFILE=staging`
                below rf's own variables, by `default_profile = "staging"` in the first line of a file with the files. What
                `database.url` leaves open, the other settings of the same file complete. Port and password in a file belong
                to the host or URL in it: where another one is chosen, they are not used.

                """);
        String table = "";
        for (ConfigKey key : ConfigKey.all()) {
            if (!key.table().equals(table)) {
                table = key.table();
                page.append("\n## ").append(table).append("\n\n");
                page.append("| setting | flag | variables | default | what it is |\n|---|---|---|---|---|\n");
            }
            page.append("| `").append(key.key()).append("` | ");
            page.append(key.flag().map(SettingsPage::code).orElse("")).append(" | ");
            page.append(Stream.concat(key.ownVariables().stream(), key.otherVariables().stream())
                            .map(SettingsPage::code)
                            .collect(Collectors.joining(", ")))
                    .append(" | ");
            page.append(key.standard().map(SettingsPage::standard).orElse("")).append(" | ");
            page.append(key.description())
                    .append(" Takes ")
                    .append(key.form().inWords())
                    .append(". |\n");
        }
        return page.append("""

                ## Variables that are no settings

                | variable | what it does |
                |---|---|
                | `RF_PROFILE` | chooses a profile, as `--profile` does |
                | `RF_JAVA` | the Java that the launcher takes: its home, or its `bin/java` |
                | `RF_JAVA_OPTS` | further options for that Java |
                | `PGSERVICE`, `PGSERVICEFILE`, `PGPASSFILE`, `PGOPTIONS`, `PGSSLROOTCERT`, … | as in psql |
                | `XDG_CONFIG_HOME`, `XDG_DATA_HOME`, `XDG_STATE_HOME`, `XDG_CACHE_HOME` | where rf keeps its files |
                | `NO_COLOR`, `CLICOLOR_FORCE`, `TERM=dumb`, `COLUMNS` | colours, and the width of tables |
                """).toString();
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String standard(String text) {
        return text.contains(" ") ? text : code(text);
    }
}
