package org.researchflow.rf.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Layout;
import org.researchflow.rf.sql.Sql;

/**
 * The count of a cohort with its sides, in one statement. Only the patients that a change touches are looked at twice,
 * with it and without it: all rows of the others are the same before and after.
 *
 * @param count the statement of the number: one row, or several
 * @param patients the statement of the keys of those that count, over the same views
 */
record Counting(Sql count, Sql patients) {

    private static final String TOUCHED = "rf_touched";
    private static final String WHOSE = "(select patient from " + TOUCHED + ")";

    Sql over(Relations relations) {
        if (!hasSides(relations) || relations.areStored()) {
            return relations.around(count);
        }
        Optional<List<String>> touched = touched(relations.bodies());
        List<Cte> all = new ArrayList<>(relations.prelude());
        relations.bodies().forEach(body -> all.add(relations.cte(body, body.query())));
        touched.ifPresent(queries -> all.add(new Cte(TOUCHED, Cte.ONCE, Sql.of(union(queries)))));
        List<Cte> before = new ArrayList<>();
        List<Cte> now = new ArrayList<>();
        for (Body body : relations.bodies()) {
            String name = Identifiers.identifier(body.view());
            before.add(new Cte(
                    name,
                    Cte.INLINE,
                    Sql.of(body.stored(touched.map(_ -> WHOSE)).orElseThrow())));
            touched.ifPresent(_ -> now.add(new Cte(name, Cte.INLINE, Sql.of(body.query(WHOSE)))));
        }
        all.add(new Cte("rf_now", Cte.ONCE, now.isEmpty() ? patients : Relations.with(now, patients)));
        all.add(new Cte("rf_before", Cte.ONCE, Relations.with(before, patients)));
        return Relations.with(all, new Sql("""
                        select counted.*,
                               (select count(*) from (table rf_now except table rf_before) as joined) as rf_speed,
                               (select count(*) from (table rf_before except table rf_now) as gone) as rf_superseded
                        from %s as counted""".formatted(Layout.nested(count.text())), count.parameters()));
    }

    /**
     * A reader of such a count.
     *
     * @param reader of the count's rows, on the last of which it stops
     * @param number what the reader made of them, as a number
     */
    static <T> Serving.Reader<Counted<T>> reading(Serving.Reader<T> reader, ToLongFunction<T> number) {
        return (rows, relations) -> {
            T result = reader.read(rows, relations);
            if (!hasSides(relations)) {
                return new Counted<>(result, Optional.empty());
            }
            long count = number.applyAsLong(result);
            if (relations.areStored()) {
                return new Counted<>(result, Optional.of(new Counted.Sides(count, 0, 0)));
            }
            long joined = rows.getLong("rf_speed");
            long gone = rows.getLong("rf_superseded");
            return new Counted<>(result, Optional.of(new Counted.Sides(count - joined + gone, joined, gone)));
        };
    }

    private static boolean hasSides(Relations relations) {
        return relations.bodies().stream()
                .allMatch(body -> body.rows().storedIn().isPresent());
    }

    private static Optional<List<String>> touched(List<Body> bodies) {
        List<String> all = new ArrayList<>();
        for (Body body : bodies) {
            Optional<List<String>> some = body.touched();
            if (some.isEmpty()) {
                return Optional.empty();
            }
            all.addAll(some.get());
        }
        return Optional.of(all);
    }

    private static String union(List<String> queries) {
        return "select patient\nfrom (\n" + String.join("\nunion\n", queries).indent(4) + ") as t (patient)";
    }
}
