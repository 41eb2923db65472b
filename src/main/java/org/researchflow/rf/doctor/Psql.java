package org.researchflow.rf.doctor;

import org.researchflow.rf.db.ConnectionSettings;

/** A command line of {@code psql} to a database, as a superuser. */
final class Psql {

    private Psql() {}

    static String to(ConnectionSettings settings) {
        return "psql -h " + ShellWord.of(settings.host()) + " -p " + settings.port() + " -d "
                + ShellWord.of(settings.database()) + " -U postgres";
    }
}
