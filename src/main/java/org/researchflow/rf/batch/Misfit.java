package org.researchflow.rf.batch;

/**
 * A column of a lenient view in which there are values that do not fit its type.
 *
 * @param column the column's name
 * @param type its type, as PostgreSQL writes it
 * @param rows how many rows hold null instead of such a value
 */
public record Misfit(String column, String type, long rows) {

    /** What a person should know of it. */
    public String inWords(String view) {
        return "column " + column + " of " + view + ": " + rows
                + (rows == 1
                        ? " value does not fit " + type + " and is null"
                        : " values do not fit " + type + " and are null");
    }
}
