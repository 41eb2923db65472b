package org.researchflow.rf.doctor;

import org.researchflow.rf.db.ConnectionSettings;

/** A command line of {@code psql} to a database, as a superuser. */
final class Psql {

    private Psql() {}

    static String to(ConnectionSettings settings) {
        return "psql -h " + word(settings.host()) + " -p " + settings.port() + " -d " + word(settings.database())
                + " -U postgres";
    }

    /** As one word of the shell's. */
    static String word(String text) {
        return text.matches("[A-Za-z0-9_./:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
