package org.researchflow.rf.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.speed.ChangedRows;
import org.researchflow.rf.speed.KeptRows;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Sql;

/**
 * The rows that a view made of what changed, as arrays of texts: one for each column that is wanted, in the order of the
 * view, and at least one.
 */
record MadeRows(List<BinaryTexts> columns) {

    MadeRows {
        columns = List.copyOf(columns);
    }

    static MadeRows of(ChangedRows changed, KnownView view) {
        List<Integer> wanted = new ArrayList<>();
        view.plan().columns().forEach(column -> wanted.add(view.allColumns().indexOf(column.name())));
        return new MadeRows(changed
                .columns(
                        KeptRows.of(view.stored().orElseThrow()),
                        view.allColumns().size(),
                        // Rows without columns are as many as those with any.
                        wanted.isEmpty() ? List.of(0) : wanted)
                .stream()
                .map(BinaryTexts::new)
                .toList());
    }

    /** A query of the rows, with the columns of the view as they are stored. */
    Sql query(ViewPlan plan) {
        String values =
                IntStream.rangeClosed(1, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        String typed = IntStream.rangeClosed(1, plan.columns().size())
                .mapToObj(i -> " c" + i + "::" + plan.columns().get(i - 1).sqlType() + " as "
                        + Identifiers.identifier(plan.columns().get(i - 1).name()))
                .collect(Collectors.joining(","));
        String arrays = Stream.generate(() -> "?::text[]").limit(columns.size()).collect(Collectors.joining(", "));
        return new Sql("select" + typed + "\nfrom unnest(" + arrays + ") as r(" + values + ")", List.copyOf(columns));
    }
}
