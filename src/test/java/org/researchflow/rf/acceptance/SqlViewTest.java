package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;

/** SQLViews in {@code rf views}: keyed ones are PostgreSQL's own materialized views, others full generations. */
class SqlViewTest {

    private static final String SALES = """
            create schema shop;
            create table shop.sale (id int primary key, item text not null, price numeric not null);
            insert into shop.sale values (1, 'pen', 2), (2, 'ink', 5), (3, 'pen', 3);
            """;

    private static final String TOTALS = """
            /*---
            schema: shop
            description: What was sold of each item
            unique-key: [item]
            indexes:
              - total
            depends-on: [shop.sale]
            refresh-interval: 90m
            columns:
              total: "sum(price)"
            ---*/
            select item, sum(price) as total, count(*) as sales
              from shop.sale
             group by item -- one row an item
            """;

    @TempDir
    private Path folder;

    private TestDatabase database;

    @BeforeEach
    void create() throws SQLException {
        database = Hapi.withViews();
        database.execute(SALES);
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Ended rf(String... args) {
        return Rf.on(database).run(args);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private Ended create(String name, String text, String... more) throws IOException {
        String[] args = new String[4 + more.length];
        args[0] = "views";
        args[1] = "create";
        args[2] = "-f";
        args[3] = file(name, text);
        System.arraycopy(more, 0, args, 4, more.length);
        return rf(args);
    }

    private JsonNode listed(String view) {
        for (JsonNode listed : rf("views", "list", "-o", "json").json().get("views")) {
            if (listed.get("name").asText().equals(view)) {
                return listed;
            }
        }
        throw new AssertionError("not listed: " + view);
    }

    private String one(String sql) throws SQLException {
        return String.valueOf(Hapi.column(database, sql).getFirst());
    }

    @Test
    void keyedViewIsAMaterializedViewRefreshedInItsPlace() throws SQLException, IOException {
        create("totals.sql", TOTALS).done();
        assertThat(one("select count(*) from pg_matviews where schemaname = 'shop' and matviewname = 'totals'"))
                .isEqualTo("1");
        assertThat(one("select col_description('shop.totals'::regclass, 2)")).isEqualTo("sum(price)");
        database.execute("create view shop.report as select * from shop.totals; create role shop_reader;"
                + " grant select on shop.totals to shop_reader");
        String oid = one("select 'shop.totals'::regclass::oid");
        database.execute("insert into shop.sale values (4, 'cap', 7)");
        JsonNode run = rf("views", "refresh", "totals", "-o", "json").json();
        assertThat(run.get("results").get("totals").get("method").asText()).isEqualTo("concurrently");
        assertThat(one("select sum(total) from shop.report")).isEqualTo("17");
        assertThat(one("select 'shop.totals'::regclass::oid")).isEqualTo(oid);
        assertThat(one("select has_table_privilege('shop_reader', 'shop.totals', 'select')"))
                .isEqualTo("t");
        assertThat(listed("totals").get("kind").asText()).isEqualTo("SQLView");
        assertThat(listed("totals").get("rows").asInt()).isEqualTo(3);
        assertThat(rf("views", "status", "totals", "-o", "json")
                        .json()
                        .get("views")
                        .get(0)
                        .get("limitSeconds")
                        .asInt())
                .isEqualTo(90 * 60);
        JsonNode info = rf("views", "info", "totals", "-o", "json").json();
        assertThat(info.get("refreshes").findValuesAsText("method")).containsExactly("concurrently", "full");
        assertThat(info.get("indexes").findValuesAsText("definition"))
                .containsExactlyInAnyOrder("btree (item)", "btree (total)");
        rf("views", "verify", "totals").done();
        Path metrics = folder.resolve("rf.prom");
        rf("views", "health", "--metrics-file", metrics.toString()).done();
        assertThat(metrics).content().contains("rf_view_rows{view=\"totals\"} 3");
        database.execute("delete from shop.sale where id = 2");
        Ended wrong = rf("views", "verify", "totals");
        assertThat(wrong.code()).isEqualTo(4);
        assertThat(wrong.err()).contains("totals is not what its SQL gives now", "rf views refresh totals");
        assertThat(rf("views", "sql", "totals").out()).startsWith("select item, sum(price) as total");
        database.execute("drop owned by shop_reader; drop role shop_reader");
    }

    @Test
    void uniqueKeyThatIsNotUniqueIsToldWithoutValues() throws IOException, SQLException {
        Ended refused = create("totals.sql", TOTALS.replace("group by item", "group by item, id"));
        assertThat(refused.failed(1).err())
                .contains("the SQL of totals fails: could not create unique index", "SQLSTATE 23505")
                .doesNotContain("pen");
        assertThat(create("totals.sql", TOTALS.replace("schema: shop", "schema: nowhere"))
                        .failed(2)
                        .err())
                .contains("there is no schema nowhere for totals");
        assertThat(create("totals.sql", TOTALS, "--live").failed(2).err()).contains("totals is a SQLView");
        assertThat(one("select count(*) from pg_class where relname = 'totals'"))
                .isEqualTo("0");
    }

    @Test
    void changedDefinitionKeepsGrantsAndAsksBeforeItDropsWhatDependsOnIt() throws SQLException, IOException {
        create("totals.sql", TOTALS).done();
        database.execute("create role shop_reader; grant select on shop.totals to shop_reader");
        String other = TOTALS.replace("count(*) as sales", "max(price) as dearest");
        assertThat(create("totals.sql", other).failed(2).err())
                .contains("view totals exists with another definition", "count(*) as sales", "--replace");
        create("totals.sql", other, "--replace").done();
        assertThat(one("select max(dearest) from shop.totals")).isEqualTo("5");
        assertThat(one("select has_table_privilege('shop_reader', 'shop.totals', 'select')"))
                .isEqualTo("t");
        database.execute("create view shop.report as select * from shop.totals");
        assertThat(create("totals.sql", TOTALS, "--replace").failed(2).err())
                .contains("shop.totals cannot be dropped", "view shop.report", "--cascade");
        assertThat(one("select max(dearest) from shop.report")).isEqualTo("5");
        rf("views", "refresh", "totals", "--rebuild").done();
        create("totals.sql", TOTALS, "--replace", "--cascade").done();
        assertThat(one("select max(sales) from shop.totals")).isEqualTo("2");
        assertThat(one("select count(*) from pg_class where relnamespace = 'sqlonfhir_store'::regnamespace"
                        + " and relkind = 'm'"))
                .isEqualTo("0");
        database.execute("drop owned by shop_reader; drop role shop_reader");
    }

    @Test
    void viewWithoutAKeyKeepsFullGenerationsBehindAPlainView() throws SQLException, IOException {
        String plain = TOTALS.replace("unique-key: [item]\n", "");
        create("totals.sql", plain).done();
        database.execute("create view shop.report as select total from shop.totals");
        create("totals.sql", plain.replace("as sales", "as sales, min(price) as least"), "--replace")
                .done();
        database.execute("insert into shop.sale values (4, 'cap', 1)");
        assertThat(rf("views", "refresh", "totals", "-o", "json")
                        .json()
                        .get("results")
                        .get("totals")
                        .get("method")
                        .asText())
                .isEqualTo("full");
        assertThat(one("select min(least) from shop.totals")).isEqualTo("1");
        assertThat(one("select sum(total) from shop.report"))
                .as("appended columns keep dependents")
                .isEqualTo("11");
        assertThat(create("totals.sql", plain.replace(", count(*) as sales", ""), "--replace")
                        .failed(2)
                        .err())
                .contains("view shop.report", "--cascade");
        rf("views", "refresh", "totals").done();
        assertThat(one("select sum(total) from shop.report"))
                .as("a refused definition leaves nothing behind")
                .isEqualTo("11");
        assertThat(one("select count(*) from pg_class where relnamespace = 'sqlonfhir_store'::regnamespace"
                        + " and relname ~ '_g[0-9]+$' and relkind = 'r' and relname like 'v' || (select view_number"
                        + " from sqlonfhir.materialized_view_metadata where view_name = 'totals') || '%'"))
                .isEqualTo("1");
        assertThat(rf("views", "drop", "totals", "--yes").failed(2).err()).contains("view shop.report");
        database.execute("drop view shop.report");
        rf("views", "drop", "totals", "--yes").done();
        assertThat(one("select count(*) from pg_class where relname = 'totals'"))
                .isEqualTo("0");
    }

    private static String library(String dialect, String sql) {
        String data = Base64.getEncoder().encodeToString(sql.getBytes(StandardCharsets.UTF_8));
        return """
                {"resourceType": "Library", "name": "men", "status": "active",
                 "type": {"coding": [{"code": "sql-view"}]},
                 "relatedArtifact": [
                   {"type": "depends-on", "label": "pt",
                    "resource": "https://researchflow.org/rf/ViewDefinition/patient_simple|1.0"}],
                 "content": [
                   {"contentType": "application/sql;dialect=mysql", "data": "eA=="},
                   {"contentType": "application/sql%s", "data": "%s"}]}
                """.formatted(dialect, data);
    }

    @Test
    void libraryOfTheSpecificationReadsViewDefinitionsByTheirCanonicalUrls() throws SQLException, IOException {
        create("men.json", library("", "with m as (select id from pt where gender = 'male') select id from m"))
                .done();
        assertThat(one("select count(*) from sqlonfhir.men"))
                .isEqualTo(one("select count(*) from sqlonfhir.patient_simple where gender = 'male'"));
        assertThat(rf("views", "info", "men", "-o", "json").json().get("reads").toString())
                .isEqualTo("[\"patient_simple\"]");
        assertThat(rf("views", "drop", "patient_simple", "--yes").failed(2).err())
                .contains("1 view reads it", "depends: men");
        assertThat(create("men.json", library(";dialect=oracle", "select 1"))
                        .failed(2)
                        .err())
                .contains("there is SQL for mysql, oracle, but none for PostgreSQL");
        assertThat(create("men.json", library("", "select 1").replace("patient_simple", "patient_simpel"))
                        .failed(2)
                        .err())
                .contains("there is no such view", "did you mean:  patient_simple ?");
        rf("views", "drop", "patient_simple", "--yes", "--cascade").done();
        assertThat(one("select count(*) from sqlonfhir.materialized_view_metadata where view_name = 'men'"))
                .isEqualTo("0");
    }

    @Test
    void failingSqlKeepsTheLastContentsAndSaysWhy() throws SQLException, IOException {
        create("totals.sql", TOTALS.replace("count(*) as sales", "1 / min(id) as sales"))
                .done();
        create("most.sql", "---\ndepends-on: [totals]\n---\nselect max(total) as most from totals")
                .done();
        database.execute("insert into shop.sale values (0, 'nil', 1)");
        Ended refreshed = rf("views", "refresh-all", "-o", "json");
        assertThat(refreshed.code()).isEqualTo(3);
        assertThat(refreshed.err()).contains("the SQL of totals fails: division by zero (SQLSTATE 22012)");
        assertThat(refreshed.err()).contains("most was not computed: totals, which it reads, failed");
        assertThat(one("select sum(total) from shop.totals")).isEqualTo("10");
        assertThat(one("select most from sqlonfhir.most")).isEqualTo("5");
        assertThat(listed("totals").get("state").asText()).isEqualTo("failed");
        assertThat(listed("totals").get("lastError").asText()).contains("division by zero");
        assertThat(rf("views", "health").code()).isEqualTo(4);
        database.execute("delete from shop.sale where id = 0");
        rf("views", "refresh-all").done();
        assertThat(listed("totals").get("state").asText()).isEqualTo("fresh");
    }

    @Test
    void whateverColumnsAreNamedRowsAreCompared() throws SQLException, IOException {
        create(
                        "names.sql",
                        TOTALS.replace("as total", "as s").replace("total", "s").replace("as sales", "as c"))
                .done();
        create("names.json", """
                {"resourceType": "ViewDefinition", "name": "named", "status": "active", "resource": "Patient",
                 "select": [{"column": [{"name": "s", "path": "getResourceKey()"}, {"name": "c", "path": "gender"}]}]}
                """).done();
        rf("views", "verify", "names", "named").done();
        database.execute("update shop.sale set price = 9 where id = 1");
        assertThat(rf("views", "verify", "names").code()).isEqualTo(4);
        database.execute("drop materialized view shop.names");
        assertThat(rf("views", "verify", "names").failed(1).err())
                .contains("names cannot be verified: somebody dropped its rows", "rf views refresh names");
        rf("views", "refresh", "names").done();
        rf("views", "verify", "names").done();
        create("bare.sql", "select count(*) as n from shop.sale").done();
        database.execute("drop table shop.sale cascade");
        assertThat(rf("views", "verify", "bare").failed(1).err())
                .contains("the SQL of bare fails: relation \"shop.sale\" does not exist");
    }

    @Test
    void viewCannotWrite() throws SQLException, IOException {
        String taking = "with taken as (delete from shop.sale returning item) select item from taken";
        for (String header : new String[] {"---\n---\n", "---\nunique-key: item\n---\n"}) {
            assertThat(create("taking.sql", header + taking).failed(1).err())
                    .contains("the SQL of taking fails", "data-modifying statement");
        }
        assertThat(one("select count(*) from shop.sale")).isEqualTo("3");
    }

    @Test
    void labelsMeanWhatTheyWouldMeanAsTables() throws SQLException, IOException {
        String url = "https://example.org/Library/what-was-sold";
        // As some editors begin a file.
        create("totals.sql", "\uFEFF" + TOTALS.replace("schema: shop", "schema: shop\nurl: " + url))
                .done();
        String mixed = library("", "select total from Totals where total > (select 0 from \"Pt\" limit 1)")
                .replace("\"label\": \"pt\"", "\"label\": \"Pt\"")
                .replace(
                        "\"relatedArtifact\": [",
                        "\"relatedArtifact\": [{\"type\": \"depends-on\"," + " \"label\": \"Totals\", \"resource\": \""
                                + url + "|2.0\"},");
        create("men.json", mixed).done();
        assertThat(one("select sum(total) from sqlonfhir.men")).isEqualTo("10");
        assertThat(rf("views", "info", "men", "-o", "json").json().get("reads").toString())
                .isEqualTo("[\"patient_simple\",\"totals\"]");
    }

    @Test
    void viewsInACircleAreToldSo() throws IOException {
        String one = file("one.sql", "---\ndepends-on: [two]\n---\nselect * from two");
        String two = file("two.sql", "---\ndepends-on: [one]\n---\nselect * from one");
        assertThat(rf("views", "create", "-f", one, "-f", two).failed(2).err())
                .contains("views read each other in a circle: one -> two -> one");
        assertThat(create("sale.sql", "---\nschema: shop\n---\nselect * from shop.sale")
                        .failed(2)
                        .err())
                .contains("the SQL of sale reads sale itself", "another name for the view");
    }

    @Test
    void headerThatCannotBeMeantIsPointedAt() throws IOException {
        assertThat(create("t.sql", "---\nuniqe-key: [a]\n---\nselect 1 as a")
                        .failed(2)
                        .err())
                .contains("no member \"uniqe-key\" here at", "t.sql:2:1", "did you mean:  unique-key");
        assertThat(create("t.sql", "---\nindexes: [[]]\n---\nselect 1 as a")
                        .failed(2)
                        .err())
                .contains("not an index at", "t.sql:2:");
        assertThat(create("t.sql", "select 1; drop table shop.sale").failed(2).err())
                .contains("there is more than one statement at", "t.sql:1:9");
        assertThat(create("t.sql", "select :x as a").failed(2).err()).contains("a parameter :x that is not declared");
    }

    /** A view that takes its time, so that others can come in between. */
    private void createSlow(double seconds) throws IOException {
        create("slow.sql", TOTALS.replace("from shop.sale", "from shop.sale, pg_sleep(" + seconds / 3 + ")"))
                .done();
    }

    @Test
    void secondRefreshIsToldWhoIsAtIt() throws IOException {
        createSlow(2);
        CompletableFuture<Ended> first = CompletableFuture.supplyAsync(() -> rf("views", "refresh", "slow"));
        while (!listed("slow").get("state").asText().equals("refreshing")) {
            assertThat(first).isNotDone();
        }
        assertThat(rf("views", "refresh", "slow").failed(6).err())
                .contains("slow is being refreshed by another run", "holder: rf", "PostgreSQL pid");
        first.join().done();
    }

    @Test
    void readersNeverWaitForARefresh() throws IOException, SQLException {
        createSlow(2);
        CompletableFuture<Ended> refresh = CompletableFuture.supplyAsync(() -> rf("views", "refresh", "slow"));
        int reads = 0;
        Duration longest = Duration.ZERO;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            while (!refresh.isDone()) {
                Instant before = Instant.now();
                try (ResultSet row = statement.executeQuery("select sum(total) from shop.slow")) {
                    row.next();
                    assertThat(row.getInt(1)).isEqualTo(10);
                }
                Duration took = Duration.between(before, Instant.now());
                longest = took.compareTo(longest) > 0 ? took : longest;
                reads++;
            }
        }
        refresh.join().done();
        assertThat(reads).isGreaterThan(10);
        assertThat(longest).isLessThan(Duration.ofMillis(1500));
    }
}
