package org.researchflow.rf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A plain-text dump of pg_dump, read as the row of SQL statements and COPY blocks that it is. */
final class PgDump {

    /** What is done with a dump's parts, in their order. */
    interface Parts {

        /** One statement without its semicolon. */
        void statement(String sql) throws SQLException, IOException;

        /** A {@code COPY … FROM stdin} statement; {@code rows} ends where its data ends. */
        void copy(String sql, InputStream rows) throws SQLException, IOException;
    }

    private static final Pattern COPY = Pattern.compile("COPY .* FROM stdin", Pattern.DOTALL);
    private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$(?:[A-Za-z_][A-Za-z_0-9]*)?\\$");

    private final Lines lines;
    private final Parts parts;
    private final StringBuilder statement = new StringBuilder();

    private PgDump(InputStream text, Parts parts) {
        this.lines = new Lines(text);
        this.parts = parts;
    }

    static void read(InputStream text, Parts parts) throws SQLException, IOException {
        new PgDump(text, parts).read();
    }

    private void read() throws SQLException, IOException {
        String end = "";
        while (lines.next()) {
            String line = lines.text();
            boolean atStart = end.isEmpty() && statement.toString().isBlank();
            // psql's own commands: restrict and unrestrict, in a dump
            if (!(atStart && line.startsWith("\\"))) {
                end = scan(line, end);
            }
        }
        if (!statement.toString().isBlank()) {
            throw new IOException("the dump ends inside a statement");
        }
    }

    /**
     * Adds a line to the current statement, handing it on at each semicolon.
     *
     * @param end what closes the quote or comment the line begins in; empty outside
     * @return the same for the next line
     */
    private String scan(String line, String end) throws SQLException, IOException {
        String open = end;
        int at = 0;
        while (at < line.length()) {
            if (!open.isEmpty()) {
                int close = line.indexOf(open, at);
                int next = close < 0 ? line.length() : close + open.length();
                if (!open.equals("*/")) {
                    statement.append(line, at, next);
                }
                open = close < 0 ? open : "";
                at = next;
            } else if (line.startsWith("--", at)) {
                at = line.length();
            } else if (line.startsWith("/*", at)) {
                open = "*/";
                at += 2;
            } else if (line.charAt(at) == ';') {
                finish();
                at++;
            } else {
                String quote = quoteAt(line, at);
                statement.append(quote.isEmpty() ? line.substring(at, at + 1) : quote);
                at += Math.max(1, quote.length());
                open = quote;
            }
        }
        statement.append('\n');
        return open;
    }

    /** The quote that begins here. A doubled quote inside closes one and opens the next, which comes to the same. */
    private static String quoteAt(String line, int at) {
        char c = line.charAt(at);
        if (c == '\'' || c == '"') {
            return String.valueOf(c);
        }
        if (c == '$' && (at == 0 || !Character.isJavaIdentifierPart(line.charAt(at - 1)))) {
            Matcher quote = DOLLAR_QUOTE.matcher(line).region(at, line.length());
            return quote.lookingAt() ? quote.group() : "";
        }
        return "";
    }

    private void finish() throws SQLException, IOException {
        String sql = statement.toString().strip();
        statement.setLength(0);
        if (COPY.matcher(sql).matches()) {
            parts.copy(sql, new Rows(lines));
        } else {
            parts.statement(sql);
        }
    }

    /** The lines of a byte stream, ended by a line feed and nothing else. */
    private static final class Lines {
        private final InputStream in;
        private final byte[] buffer = new byte[1 << 16];
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private int from;
        private int to;

        Lines(InputStream in) {
            this.in = in;
        }

        boolean next() throws IOException {
            line.reset();
            while (fill()) {
                int at = from;
                while (at < to && buffer[at] != '\n') {
                    at++;
                }
                line.write(buffer, from, at - from);
                from = at + 1;
                if (at < to) {
                    return true;
                }
                from = to;
            }
            return line.size() > 0;
        }

        private boolean fill() throws IOException {
            if (from < to) {
                return true;
            }
            from = 0;
            to = Math.max(0, in.read(buffer));
            return to > 0;
        }

        String text() {
            return line.toString(StandardCharsets.UTF_8);
        }

        byte[] bytesAndLineFeed() {
            line.write('\n');
            return line.toByteArray();
        }
    }

    /** The data lines of one COPY block, up to the line that ends it. */
    private static final class Rows extends InputStream {
        private final Lines lines;
        private byte[] row = {};
        private int at;
        private boolean ended;

        Rows(Lines lines) {
            this.lines = lines;
        }

        @Override
        public int read() throws IOException {
            return more() ? row[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (!more()) {
                return -1;
            }
            int count = Math.min(length, row.length - at);
            System.arraycopy(row, at, target, offset, count);
            at += count;
            return count;
        }

        private boolean more() throws IOException {
            while (!ended && at == row.length) {
                if (!lines.next()) {
                    throw new IOException("the dump ends inside a COPY block");
                }
                row = lines.bytesAndLineFeed();
                at = 0;
                ended = row.length == 3 && row[0] == '\\' && row[1] == '.';
            }
            return !ended;
        }
    }
}
