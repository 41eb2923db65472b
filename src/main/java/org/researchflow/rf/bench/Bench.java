package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures the series of a scenario in turns. */
public final class Bench {

    /** Told how far it is. */
    @FunctionalInterface
    public interface Listener {
        void measuring(Series series, int run);
    }

    private Bench() {}

    /** Measures all series of a scenario that are wanted, each as often as the pace says, in turns. */
    public static List<Measured> measure(Scenario scenario, Bed bed, Pace pace, Listener listener)
            throws SQLException, IOException, InterruptedException {
        Map<Subject, List<Sample>> samples = new LinkedHashMap<>();
        List<Subject> subjects = wanted(scenario, bed);
        for (int run = 1; run <= pace.runs(); run++) {
            for (Subject subject : subjects) {
                listener.measuring(subject.series(), run);
                samples.computeIfAbsent(subject, _ -> new ArrayList<>()).add(subject.run(pace));
            }
        }
        return samples.entrySet().stream()
                .map(entry -> Measured.of(entry.getKey().series(), entry.getValue()))
                .toList();
    }

    private static List<Subject> wanted(Scenario scenario, Bed bed) {
        return scenario.subjects().stream()
                .filter(subject -> bed.wants(subject.series().query()))
                .toList();
    }

    /** The least time that measuring a scenario takes. */
    public static Duration time(Scenario scenario, Bed bed, Pace pace) {
        return pace.duration()
                .plus(pace.warmUp())
                .multipliedBy((long) pace.runs() * wanted(scenario, bed).size());
    }
}
