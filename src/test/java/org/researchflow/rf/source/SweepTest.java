package org.researchflow.rf.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** Which rows a sweep takes for changes, by the distance of their transactions' ids from the present. */
class SweepTest {

    @ParameterizedTest
    @CsvSource({
        "the watermark's own transaction, -5, true",
        "one before it, -6, false",
        "a billion before it, -1000000000, false",
        "what a session may not know of yet, 50, true",
        "frozen more than two billion ago, -2500000000, false",
        "frozen three billion ago, -3000000000, false"
    })
    void idsOfFrozenRowsAreNoneOfTheFuture(String when, long distance, boolean isChange) throws SQLException {
        try (TestDatabase database = TestPostgres.empty();
                Connection connection = database.connect()) {
            database.execute("""
                    create view swept as
                    select 'Patient' as type, 7::bigint as id,
                           mod(pg_snapshot_xmax(pg_current_snapshot())::text::numeric + 4294967296 + %d, 4294967296)
                             ::text::xid as xmin
                    """.formatted(distance));
            assertThat(Sweep.of(connection, "swept", "type", "id", List.of("Patient"), 5)
                            .orElseThrow()
                            .changed("Patient", 5))
                    .as(when)
                    .hasSize(isChange ? 1 : 0);
        }
    }

    @Test
    void otherTypesAreNotOfInterest() throws SQLException {
        try (TestDatabase database = TestPostgres.empty();
                Connection connection = database.connect()) {
            database.execute("create table swept as select 'Patient' as type, 7::bigint as id");
            Sweep sweep = Sweep.of(connection, "swept", "type", "id", List.of("Condition"), 1000)
                    .orElseThrow();
            assertThat(sweep.changed("Patient", 1000)).isEmpty();
        }
    }
}
