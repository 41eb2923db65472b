package org.researchflow.rf.serving;

/**
 * What the query log says of all queries.
 *
 * @param queries how many there were
 * @param materialized those answered from stored rows, merged or not
 * @param postgres those computed on the fly
 * @param speed those that the speed layer took part in
 * @param incomplete those whose answer was not complete
 * @param mean milliseconds
 * @param p95 milliseconds that 95 of 100 did not exceed
 * @param views how many are materialized
 */
public record Statistics(
        long queries,
        long materialized,
        long postgres,
        long speed,
        long incomplete,
        double mean,
        double p95,
        long views) {

    /** How many of 100 were answered from stored rows. */
    public double materializedPercentage() {
        return queries == 0 ? 0 : Math.round(1000.0 * materialized / queries) / 10.0;
    }
}
