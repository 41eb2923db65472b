package org.researchflow.rf.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.researchflow.rf.Failure;
import org.researchflow.rf.serving.RunnerName;

/** Questions over one view and several, each by every runner, with the bare statement of the stored rows beside. */
record QueryScenario(Set<String> queries, List<Subject> subjects) implements Scenario {

    static QueryScenario open(Bed bed) throws SQLException {
        List<Subject> subjects = new ArrayList<>();
        List<String> views = materialized(bed);
        ServerCpu cpu = ServerCpu.of(bed.database());
        try (Connection connection = bed.database().connect()) {
            for (BenchQuery query : BenchQuery.of(views, bed, connection)) {
                String statement = Runners.agree(query, bed, connection);
                subjects.add(new LoadGenerator(
                        new Series("query", query.name(), Series.FLOOR),
                        1,
                        () -> Runners.bare(statement, bed.database()),
                        cpu));
                for (RunnerName runner : Runners.COMPARED) {
                    subjects.add(new LoadGenerator(
                            new Series("query", query.name(), runner.toString().toLowerCase(Locale.ROOT)),
                            1,
                            () -> Runners.asking(query, bed.serving(runner)),
                            cpu));
                }
            }
        }
        return new QueryScenario(BenchQuery.names(views), List.copyOf(subjects));
    }

    /** The materialized views, or what to do where there are none. */
    static List<String> materialized(Bed bed) throws SQLException {
        List<String> views = bed.views();
        if (views.isEmpty()) {
            throw Failure.usage("there are no materialized views to ask").note("try", "rf views create-all");
        }
        return views;
    }
}
