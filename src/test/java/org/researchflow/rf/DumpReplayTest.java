package org.researchflow.rf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A dump replayed over JDBC holds what pg_dump saw. */
class DumpReplayTest {

    @ParameterizedTest
    @EnumSource
    void restoredDumpHoldsEveryRowAndLargeObject(HapiDump dump) throws Exception {
        HapiFacts facts = dump.facts();
        try (TestDatabase hapi = TestPostgres.copyOf(dump)) {
            assertThat(hapi.count("select count(*) from hfj_resource")).isEqualTo(facts.resources());
            assertThat(hapi.count("select count(*) from hfj_res_ver")).isEqualTo(facts.versions());
            assertThat(hapi.count("select count(*) from hfj_res_ver where res_text is not null"))
                    .isEqualTo(facts.largeObjects());
            assertThat(hapi.count("select count(*) from hfj_res_ver where res_text is not null"
                            + " and substr(lo_get(res_text), 1, 2) = '\\x1f8b'"))
                    .isEqualTo(facts.largeObjects());
        }
    }

    @Test
    void copiesOfADumpDoNotShareChanges() throws Exception {
        try (TestDatabase one = TestPostgres.hapi622();
                TestDatabase other = TestPostgres.hapi622()) {
            one.execute("delete from hfj_res_tag");
            assertThat(one.count("select count(*) from hfj_res_tag")).isZero();
            assertThat(other.count("select count(*) from hfj_res_tag")).isPositive();
        }
    }

    @Test
    void semicolonsInQuotesAndCommentsDoNotEndAStatement() throws Exception {
        String dump = """
                \\restrict abc
                -- a comment; with a semicolon
                SELECT 'it''s; one' AS "a;b"; SELECT 2 /* ; */;
                CREATE FUNCTION f() RETURNS int AS $body$
                  SELECT ';'::text; $$ ; $$
                $body$ LANGUAGE sql;
                \\unrestrict abc
                """;
        assertThat(parts(dump))
                .containsExactly(
                        "SELECT 'it''s; one' AS \"a;b\"",
                        "SELECT 2",
                        "CREATE FUNCTION f() RETURNS int AS $body$\n  SELECT ';'::text; $$ ; $$\n$body$ LANGUAGE sql");
    }

    @Test
    void copyBlockEndsAtItsMarkOnly() throws Exception {
        String dump = "COPY public.t (a) FROM stdin;\n1;\n--2\n\\\\.\n\n\\.\nSELECT 3;\n";
        assertThat(parts(dump)).containsExactly("COPY public.t (a) FROM stdin", "1;\n--2\n\\\\.\n\n", "SELECT 3");
    }

    @Test
    void cutOffDumpIsNoticed() {
        assertThatThrownBy(() -> parts("SELECT 1;\nSELECT 'two"))
                .isInstanceOf(IOException.class)
                .hasMessage("the dump ends inside a statement");
        assertThatThrownBy(() -> parts("COPY t (a) FROM stdin;\n1\n2"))
                .isInstanceOf(IOException.class)
                .hasMessage("the dump ends inside a COPY block");
    }

    @Test
    void replayedStatementsMayLookLikeParameters() throws Exception {
        try (TestDatabase database = TestPostgres.empty();
                Connection connection = database.connect();
                InputStream text = bytes("CREATE TABLE t (a text DEFAULT '?');\nINSERT INTO t VALUES ('{?} \\x');\n")) {
            PgDump.read(text, new DumpReplay(connection));
            assertThat(database.count("select count(*) from t where a = '{?} \\x'"))
                    .isEqualTo(1);
        }
    }

    private static List<String> parts(String dump) throws Exception {
        List<String> parts = new ArrayList<>();
        PgDump.read(bytes(dump), new PgDump.Parts() {
            @Override
            public void statement(String sql) {
                parts.add(sql);
            }

            @Override
            public void copy(String sql, InputStream rows) throws IOException {
                parts.add(sql);
                parts.add(new String(rows.readAllBytes(), StandardCharsets.UTF_8));
            }
        });
        return parts;
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
