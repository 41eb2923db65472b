package org.researchflow.rf.plan;

import java.util.List;

/**
 * What a select makes of one node: the five row operations of the specification's processing algorithm
 * ({@code repeat} is an {@link Unnest} of {@link Items.Descendants}).
 */
public sealed interface Rows {

    /** The columns of each row, in order. */
    List<Column> columns();

    /** One row. */
    record Project(List<Output> outputs) implements Rows {
        public Project {
            outputs = List.copyOf(outputs);
        }

        @Override
        public List<Column> columns() {
            return outputs.stream().map(Output::column).toList();
        }
    }

    /** Every combination of a row of each factor. */
    record Product(List<Rows> factors) implements Rows {
        public Product {
            factors = List.copyOf(factors);
        }

        @Override
        public List<Column> columns() {
            return factors.stream().flatMap(f -> f.columns().stream()).toList();
        }
    }

    /** The rows of all branches, which have the same columns. */
    record Union(List<Rows> branches) implements Rows {
        public Union {
            branches = List.copyOf(branches);
        }

        @Override
        public List<Column> columns() {
            return branches.getFirst().columns();
        }
    }

    /**
     * The body's rows for each focus.
     *
     * @param orNull whether a row of nulls stands for no focus at all
     * @param counted whether a column asks for the position of the focus
     */
    record Unnest(Var focus, Items foci, boolean orNull, boolean counted, Rows body) implements Rows {
        @Override
        public List<Column> columns() {
            return body.columns();
        }
    }

    /**
     * What fills one column.
     *
     * @param items the column's values: one at most unless the column is a collection
     */
    record Output(Column column, Items items) {}
}
