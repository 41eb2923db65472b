package org.researchflow.rf.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionSnapshotTest {

    @ParameterizedTest
    @CsvSource({"9, true", "10, false", "11, true", "12, false", "14, true", "15, false", "-1, false"})
    void seesWhatHadEnded(long transaction, boolean seen) {
        assertThat(TransactionSnapshot.parse("10:15:10,12").sees(transaction)).isEqualTo(seen);
    }

    @Test
    void nothingIsInProgressInAnIdleServer() {
        assertThat(TransactionSnapshot.parse("10:10:").inProgress()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "10:15:10,12; 10:15:10,12; true",
                "15:15:; 10:15:10,12; true",
                "10:16:10; 10:15:10,12; true",
                "10:20:12,17; 12:15:12; true",
                "10:15:10,12; 15:15:; false",
                "10:20:10,17; 12:15:12; false",
                "10:14:10; 10:15:10; false",
            })
    void seesAllThatAnEarlierOneSees(String later, String earlier, boolean all) {
        assertThat(TransactionSnapshot.parse(later).seesAllOf(TransactionSnapshot.parse(earlier)))
                .isEqualTo(all);
    }
}
