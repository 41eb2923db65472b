package org.researchflow.rf.plan;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Rows.Output;
import org.researchflow.rf.plan.Rows.Product;
import org.researchflow.rf.plan.Rows.Project;
import org.researchflow.rf.plan.Rows.Union;
import org.researchflow.rf.plan.Rows.Unnest;
import org.researchflow.rf.plan.Value.Absent;

/** The branches of a union, where a column that is always empty in one branch has the type it has in another. */
final class Branches {

    private Branches() {}

    static List<Rows> aligned(List<Rows> branches) {
        List<Output> first = new ArrayList<>(outputs(branches.getFirst()));
        for (Rows branch : branches) {
            List<Output> outputs = outputs(branch);
            for (int i = 0; i < Math.min(first.size(), outputs.size()); i++) {
                if (isNothing(first.get(i))) {
                    first.set(i, outputs.get(i));
                }
            }
        }
        return branches.stream()
                .map(branch -> outputs(branch).size() == first.size() ? like(branch, first.iterator()) : branch)
                .toList();
    }

    private static List<Output> outputs(Rows rows) {
        return switch (rows) {
            case Project(List<Output> outputs) -> outputs;
            case Product(List<Rows> factors) ->
                factors.stream().flatMap(f -> outputs(f).stream()).toList();
            case Union(List<Rows> branches) -> outputs(branches.getFirst());
            case Unnest unnest -> outputs(unnest.body());
        };
    }

    private static boolean isNothing(Output output) {
        return output.items() instanceof One(Absent _) && !output.column().collection();
    }

    /** The rows with the types of always empty columns taken from the outputs given, in their order. */
    private static Rows like(Rows rows, Iterator<Output> wanted) {
        return switch (rows) {
            case Project(List<Output> outputs) ->
                new Project(outputs.stream().map(o -> like(o, wanted.next())).toList());
            case Product(List<Rows> factors) ->
                new Product(factors.stream().map(f -> like(f, wanted)).toList());
            case Union(List<Rows> branches) -> {
                List<Output> types = new ArrayList<>();
                outputs(branches.getFirst()).forEach(_ -> types.add(wanted.next()));
                yield new Union(
                        branches.stream().map(b -> like(b, types.iterator())).toList());
            }
            case Unnest(Var focus, Items foci, boolean orNull, boolean counted, Rows body) ->
                new Unnest(focus, foci, orNull, counted, like(body, wanted));
        };
    }

    private static Output like(Output output, Output wanted) {
        Column column = output.column();
        Column type = wanted.column();
        return isNothing(output) && !type.collection()
                ? new Output(
                        new Column(
                                column.name(),
                                type.fhirType(),
                                false,
                                type.sqlType(),
                                column.description(),
                                column.path()),
                        output.items())
                : output;
    }
}
