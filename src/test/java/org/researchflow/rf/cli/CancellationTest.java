package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ctrl-C reaches what is under way and nothing else. */
class CancellationTest {

    private final Cancellation cancellation = new Cancellation();
    private final List<String> stopped = new ArrayList<>();

    @Test
    void onlyWhatIsStillRunningIsStopped() {
        Cancellation.Registration ended = cancellation.register(() -> stopped.add("ended"));
        ended.close();
        try (var _ = cancellation.register(() -> stopped.add("running"))) {
            cancellation.cancel();
        }
        assertThat(stopped).containsExactly("running");
        assertThat(cancellation.cancelled()).isTrue();
    }

    @Test
    void whatStartsTooLateIsStoppedAtOnce() {
        cancellation.cancel();
        try (var _ = cancellation.register(() -> stopped.add("late"))) {
            assertThat(stopped).containsExactly("late");
        }
    }
}
