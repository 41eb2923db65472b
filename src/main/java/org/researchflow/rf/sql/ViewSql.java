package org.researchflow.rf.sql;

import java.util.stream.Collectors;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewPlan;

/** Stands in for the SQL writer until it is merged. */
public final class ViewSql {
    public static final int VERSION = 1;

    private ViewSql() {}

    public static Sql rows(ViewPlan plan, ResourceRelation resources) {
        return Sql.of(
                "select " + columns(plan) + "\n  from (\n" + resources.query().indent(4) + ") r");
    }

    public static Sql keyed(ViewPlan plan, ResourceRelation resources) {
        return Sql.of("select key as rf_key, version as rf_version, " + columns(plan) + "\n  from (\n"
                + resources.query().indent(4) + ") r");
    }

    private static String columns(ViewPlan plan) {
        return plan.columns().stream().map(ViewSql::column).collect(Collectors.joining(",\n       "));
    }

    private static String column(Column column) {
        String path = column.path()
                .orElseThrow()
                .substring(column.path().orElseThrow().indexOf('.') + 1);
        String value = path.equals("getResourceKey()")
                ? "key"
                : path.endsWith(".getReferenceKey(Patient)")
                        ? "split_part(resource #>> '{" + path.substring(0, path.indexOf('.')) + ",reference}', '/', 2)"
                        : "resource #>> '{" + path.replace('.', ',') + "}'";
        return "(" + value + ")::" + column.sqlType() + " as " + Identifiers.identifier(column.name());
    }
}
