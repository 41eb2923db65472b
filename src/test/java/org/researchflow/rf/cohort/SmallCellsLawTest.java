package org.researchflow.rf.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is told of a table never gives a small number away. */
class SmallCellsLawTest {

    @Property
    void withheldCellsCanEachBeLarge(
            @ForAll @Size(max = 8) List<@LongRange(min = 1, max = 40) Long> cells,
            @ForAll @IntRange(max = 20) int least) {
        SmallCells small = new SmallCells(least);
        long whole = cells.stream().mapToLong(Long::longValue).sum();
        List<Boolean> withheld = small.withheld(cells, whole);
        long rest = whole;
        int number = 0;
        for (int i = 0; i < cells.size(); i++) {
            if (withheld.get(i)) {
                number++;
            } else {
                assertThat(small.hides(cells.get(i))).isFalse();
                rest -= cells.get(i);
            }
        }
        if (number > 0 && !small.hidesTable(cells, withheld)) {
            assertThat(number).isGreaterThan(1);
            assertThat(rest - (number - 1)).isGreaterThanOrEqualTo(least);
        }
    }

    @Property
    void toldStepsNeverDifferByFew(
            @ForAll @Size(max = 8) List<@LongRange(max = 100) Long> numbers, @ForAll @IntRange(max = 20) int least) {
        SmallCells small = new SmallCells(least);
        List<Long> sorted =
                numbers.stream().sorted((a, b) -> Long.compare(b, a)).toList();
        long last = sorted.isEmpty() ? 0 : sorted.getLast();
        List<Boolean> withheld = small.withheldSteps(sorted, last);
        List<Long> told = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            if (!withheld.get(i)) {
                told.add(sorted.get(i));
            }
        }
        for (long one : told) {
            assertThat(small.hides(one)).isFalse();
            told.forEach(other -> assertThat(small.hides(one, other)).isFalse());
        }
    }

    @Test
    void nothingIsWithheldWithoutALeastNumber() {
        assertThat(SmallCells.TOLD.withheld(List.of(1L, 2L), 3)).containsOnly(false);
        assertThat(new SmallCells(1).areWithheld()).isFalse();
    }

    @Test
    void oneSmallCellTakesAnotherOneWithIt() {
        assertThat(new SmallCells(11).withheld(List.of(50L, 3L, 20L), 73)).containsExactly(false, true, true);
    }
}
