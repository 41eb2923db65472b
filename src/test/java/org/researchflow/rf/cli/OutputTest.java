package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.cli.CommandLineFixture.Ended;

/** The same rows in every format, for people and for programs; and what is left when they stop halfway. */
class OutputTest {

    private static final CommandLineFixture PIPED = CommandLineFixture.trial();

    private static CommandLineFixture terminal(int columns) {
        return CommandLineFixture.trial()
                .on(new Terminal(true, true, true, columns))
                .with(Map.of("NO_COLOR", "1"));
    }

    @Test
    void tableOnATerminalReadsWell() {
        assertThat(terminal(100).run("views", "list").out()).isEqualTo("""
                VIEW                         RESOURCE    ROWS    SIZE  REFRESHED
                patient_demographics         Patient      131   48 kB  2 min ago
                condition_simple             Condition  4 714  744 kB  2 min ago
                mv, "quoted"\\nesc\\u001b[31m  -             25   11 MB  -
                3 views
                """);
    }

    @Test
    void tableShrinksToTheTerminal() {
        Ended ended = terminal(56).run("views", "list");
        assertThat(ended.out()).contains("patient_demographi…");
        assertThat(ended.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(56));
    }

    @Test
    void pipedTableIsExactAndWhole() {
        assertThat(CommandLineFixture.trial()
                        .on(new Terminal(true, false, true, 20))
                        .run("views", "list")
                        .out())
                .contains("condition_simple             Condition  4714    761856  2026-11-20T05:12:55Z\n");
    }

    @Test
    void headingIsBoldOnlyWhereColourIsWanted() {
        assertThat(PIPED.run("views", "numbers", "--color=always").out()).startsWith("\033[1mNUMBER\033[0m\n");
        assertThat(PIPED.run("views", "numbers").out()).isEqualTo("""
                NUMBER
                     0
                     1
                     2
                """);
    }

    @Test
    void jsonIsOneDocumentWithARowALine() {
        assertThat(PIPED.run("views", "list", "-o", "json").out()).isEqualTo("""
                {"schema":"rf.views/v1","views":[
                {"name":"patient_demographics","resource":"Patient","rows":131,"sizeBytes":49152,\
                "lastRefreshed":"2026-11-20T05:12:55Z"},
                {"name":"condition_simple","resource":"Condition","rows":4714,"sizeBytes":761856,\
                "lastRefreshed":"2026-11-20T05:12:55Z"},
                {"name":"mv, \\"quoted\\"\\nesc\\u001B[31m","resource":null,"rows":25,"sizeBytes":11534336,\
                "lastRefreshed":null}
                ],"complete":true}
                """);
    }

    @Test
    void ndjsonIsARowALine() {
        assertThat(PIPED.run("views", "numbers", "-o", "ndjson").out()).isEqualTo("""
                {"number":0}
                {"number":1}
                {"number":2}
                """);
    }

    @Test
    void csvFollowsRfc4180() {
        assertThat(PIPED.run("views", "list", "-o", "csv").out())
                .isEqualTo("""
                        name,resource,rows,sizeBytes,lastRefreshed
                        patient_demographics,Patient,131,49152,2026-11-20T05:12:55Z
                        condition_simple,Condition,4714,761856,2026-11-20T05:12:55Z
                        "mv, ""quoted\""
                        esc\033[31m",,25,11534336,
                        """.replace("\n", "\r\n").replace("quoted\"\"\r\n", "quoted\"\"\n"));
    }

    @Test
    void documentHasEveryFormat() {
        assertThat(PIPED.run("query", "-q").out()).isEqualTo("30 patients\n");
        assertThat(PIPED.run("query", "-q", "-o", "json").out())
                .isEqualTo("{\"schema\":\"rf.query/v1\",\"count\":30,\"gender\":\"any\",\"counts\":{\"batch\":29},"
                        + "\"warnings\":[]}\n");
        assertThat(PIPED.run("query", "-q", "-o", "csv").out()).isEqualTo("""
                count,gender,counts.batch,warnings\r
                30,any,29,[]\r
                """);
    }

    @Test
    void answerThatFailsEarlyLeavesNothing() {
        Ended ended = PIPED.run("views", "numbers", "--fail", "-o", "json");
        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .isEqualTo("{\"schema\":\"rf.error/v1\",\"error\":\"lost the connection to PostgreSQL\","
                        + "\"kind\":\"unreachable\",\"exit\":5,"
                        + "\"notes\":{\"why\":[\"it was shut down\"],\"holder\":[\"nobody\"]}}\n");
    }

    @Test
    void answerThatFailsLateStaysValidAndSaysThatItIsNotWhole() {
        Ended ended = PIPED.run("views", "numbers", "--fail", "--count", "100000", "-o", "json");
        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.out()).endsWith("{\"number\":99999}\n],\"truncated\":true}\n");
    }

    @Test
    void laterRowsOfALongTableKeepTheColumns() {
        assertThat(PIPED.run("views", "numbers", "--count", "2000").out())
                .startsWith("NUMBER\n     0\n")
                .endsWith("\n  1999\n");
    }

    @Test
    void readerThatLeftEndsTheCommandSilently() {
        assertThat(PIPED.run(refusing("Broken pipe"), "views", "numbers")).isEqualTo(new Ended(141, "", ""));
        assertThat(PIPED.run(refusing("Broken pipe"), "--version")).isEqualTo(new Ended(141, "", ""));
    }

    @Test
    void fullDiskIsAnError() {
        assertThat(PIPED.run(refusing("No space left on device"), "views", "numbers"))
                .isEqualTo(new Ended(1, "", "rf: cannot write to standard output\n    why: No space left on device\n"));
    }

    @Test
    void wideAndCombiningCharactersKeepTheColumnsStraight() {
        assertThat(DisplayWidth.of("糖尿病")).isEqualTo(6);
        assertThat(DisplayWidth.of("e\u0301te\u0301")).isEqualTo(3);
        assertThat(DisplayWidth.of("🧪")).isEqualTo(2);
        assertThat(DisplayWidth.shortened("糖尿病", 4)).isEqualTo("糖…");
        assertThat(DisplayWidth.shortened("diabetes", 8)).isEqualTo("diabetes");
    }

    @Test
    void rowOfTheWrongLengthIsAMistake() {
        RowSink sink =
                new RowSink(new CsvPrinter(new TextStream(OutputStream.nullOutputStream()), java.util.List.of()), 1);
        assertThatThrownBy(() -> sink.row(1, 2)).hasMessage("2 values for 1 columns");
    }

    private static OutputStream refusing(String why) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
    }
}
