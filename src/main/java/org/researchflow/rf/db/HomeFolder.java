package org.researchflow.rf.db;

import java.nio.file.Path;

/** The home folder of the person, which messages write as {@code ~}. */
record HomeFolder(Path path) {

    String shorten(Path file) {
        return file.startsWith(path) ? "~/" + path.relativize(file) : file.toString();
    }
}
