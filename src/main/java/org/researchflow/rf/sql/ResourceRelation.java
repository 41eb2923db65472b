package org.researchflow.rf.sql;

import java.util.Optional;

/**
 * A query that yields {@code (key text, version bigint, resource jsonb)}: one row for each live resource of one type,
 * with {@code id} and {@code meta} as FHIR has them when the plan reads them. It carries no parameters, so that it can
 * stand in a {@code create table as}, and it parses each resource once: where the body is text it ends with {@code offset
 * '0'}, without which PostgreSQL flattens it and parses the body again for every column. (A quoted number is a constant
 * at once. One that is yet to be widened keeps what is joined to the query from running in parallel.)
 *
 * @param query the text of the query, without a trailing semicolon
 * @param scoped whether it also yields {@code scope text}, which stands in front of keys where ids are unique within a part
 *     of the server only: a reference leads to a resource of the same part
 * @param serverBase the FHIR server's own base URL, with a slash at its end: absolute references below it are its own
 */
public record ResourceRelation(String query, boolean scoped, Optional<String> serverBase) {

    public ResourceRelation(String query) {
        this(query, false, Optional.empty());
    }
}
