package org.researchflow.rf.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.Failure;

/**
 * The way PostgreSQL's programs are called by this user: as they are, or, because they refuse to be run by root,
 * through something that takes root's name away.
 *
 * @param prefix what stands before each command
 */
record Unprivileged(List<String> prefix) {

    /** In a user namespace of its own a process of root is nobody, yet its files still belong to it. */
    private static final List<String> UNSHARE = List.of("unshare", "-U");

    /**
     * Where namespaces are forbidden (most containers): become nobody for good, but keep the right to reach a
     * folder that only root may enter; access(2) sees that right only with the secure bit.
     */
    private static final List<String> SETPRIV = List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            "--securebits=+no_setuid_fixup");

    static Unprivileged in(Folder folder) {
        if (!isRoot(folder.path())) {
            return new Unprivileged(List.of());
        }
        return List.of(UNSHARE, SETPRIV).stream()
                .map(Unprivileged::new)
                .filter(way -> way.works(folder.path()))
                .findFirst()
                .orElseThrow(() -> Failure.failed("root cannot run the sandbox's PostgreSQL on this machine")
                        .note("why", "PostgreSQL refuses to run as root, and neither unshare -U nor setpriv is allowed")
                        .note("try", "the same command as an ordinary user"));
    }

    private boolean works(Path folder) {
        try {
            return ChildProcess.run(folder, command("true")).succeeded();
        } catch (UncheckedIOException e) {
            return false; // no such program
        }
    }

    List<String> command(String... words) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(words));
        return command;
    }

    private static boolean isRoot(Path folder) {
        try {
            Path mine = Files.createTempFile(folder, "owner", "");
            try {
                return Files.getAttribute(mine, "unix:uid").equals(0);
            } finally {
                Files.delete(mine);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
