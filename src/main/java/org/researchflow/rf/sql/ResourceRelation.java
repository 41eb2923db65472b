package org.researchflow.rf.sql;

/**
 * A query that yields {@code (key text, version bigint, resource jsonb)}: one row for each live resource of one type,
 * with {@code id} and {@code meta} as FHIR has them when the plan reads them. It carries no parameters, so that it can
 * stand in a {@code create table as}.
 *
 * @param query the text of the query, without a trailing semicolon
 */
public record ResourceRelation(String query) {}
