package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.CodeList;
import org.researchflow.rf.cohort.Finding;

/** A file of codes, given on the command line. */
final class CodesFile {

    private CodesFile() {}

    static List<Finding> read(String file) {
        return CodeList.read(file, text(file)).stream()
                .<Finding>map(Finding.OfCode::new)
                .toList();
    }

    /** The text of a file that a person named. */
    static String text(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw Failure.usage("no file " + file).causedBy(e);
        } catch (CharacterCodingException e) {
            throw Failure.usage("the file " + file + " is not UTF-8").causedBy(e);
        } catch (IOException | InvalidPathException e) {
            throw Failure.usage("cannot read the file " + file)
                    .note("why", String.valueOf(e.getMessage()))
                    .causedBy(e);
        }
    }
}
