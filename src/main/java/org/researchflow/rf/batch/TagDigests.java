package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;

/**
 * The digests of the tags that a generation's rows were made with, by which resources are found whose tags alone
 * changed: HAPI makes no new version for that.
 *
 * @param current gives the tags' digests as they are now; empty when the view reads no meta, or there are no tags
 * @param generation the condition for those of this generation
 * @param numbers view and generation, as SQL text
 */
record TagDigests(Optional<String> current, String generation, String numbers) {

    static TagDigests of(ViewPlan plan, Resources resources, long number, long generation) {
        return new TagDigests(
                plan.readsMeta() ? resources.tagDigests(plan.resourceType()) : Optional.empty(),
                "view_number = " + number + " and generation = " + generation,
                number + ", " + generation);
    }

    /** Keeps all digests as they are, for a generation that has none yet. */
    void write(Connection connection) throws SQLException {
        if (current.isPresent()) {
            execute(connection, """
                    insert into sqlonfhir_store.tag_digest (view_number, generation, res_id, digest)
                    select %s, res_id, digest
                      from (%s) now
                    """.formatted(numbers, current.get()));
        }
    }

    /** Adds the resources whose tags changed to a table of changes, and keeps their new digests. */
    void compare(Connection connection, String changes, String identities) throws SQLException {
        if (current.isEmpty()) {
            return;
        }
        execute(connection, """
                with retagged as materialized (
                  select coalesce(now.res_id, before.res_id) as res_id, now.digest
                    from (%s) now
                    full join (select res_id, digest from sqlonfhir_store.tag_digest where %s) before
                      on before.res_id = now.res_id
                   where now.digest is distinct from before.digest),
                added as (
                  insert into %s (key, res_id)
                  select i.key, i.res_id
                    from retagged t
                    join (%s) i on i.res_id = t.res_id),
                removed as (
                  delete from sqlonfhir_store.tag_digest d
                   using retagged t
                   where d.res_id = t.res_id and t.digest is null and %s)
                insert into sqlonfhir_store.tag_digest (view_number, generation, res_id, digest)
                select %s, res_id, digest
                  from retagged
                 where digest is not null
                    on conflict (view_number, generation, res_id) do update
                   set digest = excluded.digest
                """.formatted(current.get(), generation, changes, identities, generation, numbers));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.executeUpdate(sql);
        }
    }
}
