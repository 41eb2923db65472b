package org.researchflow.rf.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.fusesource.jansi.AnsiConsole;
import org.fusesource.jansi.AnsiType;

/**
 * Which of the three standard streams is a terminal, and how wide it is.
 *
 * <p>Java tells only whether stdin and stdout are terminals both. The launcher knows each ({@code [ -t 1 ]}) and passes
 * {@code -Drf.stdin.tty}, {@code -Drf.stdout.tty}, {@code -Drf.stderr.tty} (true or false) and {@code -Drf.columns};
 * without them {@code /proc/self/fd} tells on Linux, and only elsewhere is Jansi's native library loaded: that alone takes
 * longer than most commands.
 */
public record Terminal(boolean stdin, boolean stdout, boolean stderr, int columns) {

    private static final int USUAL_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 20;

    public static Terminal none() {
        return new Terminal(false, false, false, USUAL_COLUMNS);
    }

    static Terminal ofThisProcess(Environment environment) {
        int columns = number(environment.get("COLUMNS"))
                .or(() -> number(Optional.ofNullable(System.getProperty("rf.columns"))))
                .filter(wide -> wide >= FEWEST_COLUMNS)
                .orElse(USUAL_COLUMNS);
        return new Terminal(isTerminal("stdin", 0), isTerminal("stdout", 1), isTerminal("stderr", 2), columns);
    }

    private static boolean isTerminal(String stream, int descriptor) {
        String told = System.getProperty("rf." + stream + ".tty", "");
        if (!told.isEmpty()) {
            return Boolean.parseBoolean(told);
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            // A closed stream has no link.
            return Files.notExists(Path.of("/proc/self/fd")) && asJansiSees(descriptor);
        }
    }

    /** Without /proc the operating system has to be asked; on Windows this also makes the console understand colour. */
    private static boolean asJansiSees(int descriptor) {
        return switch (descriptor) {
            case 1 -> AnsiConsole.out().getType() != AnsiType.Redirected;
            case 2 -> AnsiConsole.err().getType() != AnsiType.Redirected;
            default ->
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent();
        };
    }

    private static Optional<Integer> number(Optional<String> text) {
        return text.filter(digits -> digits.matches("[0-9]{1,5}")).map(Integer::valueOf);
    }
}
