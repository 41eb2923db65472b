package org.researchflow.rf.cohort;

import org.researchflow.rf.sql.Sql;

/** The codes below another one as SQL. */
public final class DescendantSql {

    private DescendantSql() {}

    /** A query of the codes that are meant; what is below in several ways, or in a circle, is in it once. */
    public static Sql codes(Code code, String system) {
        Sql first = code.reach() == Reach.BELOW
                ? Clauses.of(
                        "select code\nfrom " + Hierarchy.PARENTS + "\nwhere system = ? and parent = ?",
                        system,
                        code.code())
                : Clauses.of("select cast(? as text)", code.code());
        return Clauses.format(
                """
                with recursive rf_below (code) as (
                    %s
                    union
                    select l.code
                    from rf_below as b
                    join %s
                )
                select code
                from rf_below""", first, Clauses.of(Hierarchy.PARENTS + " as l on l.system = ? and l.parent = b.code", system));
    }

    static Sql contain(String column, Code code, Hierarchy hierarchy) {
        return Clauses.format("%s in (\n    %s\n)", Clauses.of(column), codes(code, hierarchy.system()));
    }
}
