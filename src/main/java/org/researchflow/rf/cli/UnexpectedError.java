package org.researchflow.rf.cli;

import com.fasterxml.jackson.core.JacksonException;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/** Errors that nobody on the way knew how to explain, put into words without the data that their messages may quote. */
final class UnexpectedError {

    private UnexpectedError() {}

    /** A mistake in rf itself: which, where, and how to see more. */
    static Failure bug(Throwable error) {
        Failure failure = Failure.failed("this is a mistake in rf " + Main.version() + ": " + describe(error))
                .note("try", "the same command with -v, and report what it prints");
        StackTraceElement[] stack = error.getStackTrace();
        if (stack.length > 0) {
            failure.note("at", stack[0].toString());
        }
        return failure;
    }

    /** Something outside rf that failed where no layer had better words. */
    static Failure outside(Exception error) {
        Failure failure = switch (error) {
            case NoSuchFileException e -> Failure.usage("no file or folder " + e.getFile());
            case AccessDeniedException e -> Failure.failed("no permission for " + e.getFile());
            case FileSystemException e ->
                Failure.failed("cannot use " + e.getFile()).note("why", String.valueOf(e.getReason()));
            case FileNotFoundException e -> Failure.usage(describe(e));
            case SQLException e -> Failure.failed("PostgreSQL: " + describe(e));
            default -> Failure.failed(describe(error));
        };
        return failure.causedBy(error);
    }

    /** The error's kind and message; the message only where it cannot quote a row or a document. */
    static String describe(Throwable error) {
        String name = error.getClass().getSimpleName();
        return switch (error) {
            case SQLException e -> name + " " + sql(e);
            case JacksonException _ -> name;
            // Java's own errors about an input quote it: For input string "…".
            case RuntimeException e when !isOurs(e) -> name;
            default -> error.getMessage() == null || repeatsItsCause(error) ? name : name + ": " + error.getMessage();
        };
    }

    private static boolean isOurs(RuntimeException error) {
        StackTraceElement[] stack = error.getStackTrace();
        return stack.length > 0 && stack[0].getClassName().startsWith("org.researchflow.rf.");
    }

    /** A wrapper without words of its own says again what its cause says, data included. */
    private static boolean repeatsItsCause(Throwable error) {
        Throwable cause = error.getCause();
        return cause != null
                && cause.getMessage() != null
                && error.getMessage() != null
                && error.getMessage().contains(cause.getMessage());
    }

    /** Where it happened, for {@code -v}: classes and lines, and the messages that {@link #describe} lets through. */
    static String stack(Throwable error) {
        StringBuilder text = new StringBuilder();
        Throwable next = error;
        for (int depth = 0; next != null && depth < 10; depth++) {
            text.append(depth == 0 ? "" : "caused by ").append(Printable.line(describe(next)));
            for (StackTraceElement element : next.getStackTrace()) {
                text.append("\n    at ").append(element);
            }
            next = next.getCause();
            text.append(next == null ? "" : "\n");
        }
        return text.toString();
    }

    /** Data exceptions (22) and violated constraints (23) quote values; DETAIL, after the first line, always may. */
    private static String sql(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        boolean quotes = state.startsWith("22") || state.startsWith("23");
        return "(SQLSTATE " + state + ")" + (quotes ? "" : ": " + firstLine(error.getMessage()));
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "no message" : message.lines().findFirst().orElse("");
    }
}
