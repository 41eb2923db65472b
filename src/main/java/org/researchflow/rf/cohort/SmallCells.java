package org.researchflow.rf.cohort;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which numbers of patients an answer may tell: zero and those from a least one on, and none from which a smaller one
 * could be worked out. Several answers beside each other are not looked at.
 *
 * @param least the least number that is told; 0 or 1 tells all
 */
public record SmallCells(int least) {

    /** Every number is told. */
    public static final SmallCells TOLD = new SmallCells(0);

    /** Whether anything is withheld at all. */
    public boolean areWithheld() {
        return least > 1;
    }

    /** Whether so many patients are too few. */
    public boolean hides(long patients) {
        return patients > 0 && patients < least;
    }

    /** Whether one of two numbers, of which one counts some of the other's patients, must be withheld. */
    public boolean hides(long all, long some) {
        return hides(Math.abs(all - some));
    }

    /**
     * Which cells of a table are withheld: those too small, those to whom too few of the whole are missing, and so many
     * more, the smallest first, that the withheld ones together leave each of them at least as large as is told.
     *
     * @param cells their numbers, each above 0
     * @param whole the number that is told beside them
     */
    public List<Boolean> withheld(List<Long> cells, long whole) {
        List<Boolean> withheld = new ArrayList<>(Collections.nCopies(cells.size(), hides(whole)));
        for (int i = 0; i < cells.size(); i++) {
            if (hides(cells.get(i)) || hides(whole, cells.get(i))) {
                withheld.set(i, true);
            }
        }
        while (withheld.contains(true) && !isSafe(cells, withheld) && withheld.contains(false)) {
            int next = -1;
            for (int i = 0; i < cells.size(); i++) {
                if (!withheld.get(i) && (next < 0 || cells.get(i) < cells.get(next))) {
                    next = i;
                }
            }
            withheld.set(next, true);
        }
        return withheld;
    }

    /** Whether even the number of the withheld cells would tell too much: then not even their names may be told. */
    public boolean hidesTable(List<Long> cells, List<Boolean> withheld) {
        return withheld.contains(true) && !isSafe(cells, withheld);
    }

    /** What is withheld can be reckoned together: each cell must still be able to be large. */
    private boolean isSafe(List<Long> cells, List<Boolean> withheld) {
        long sum = 0;
        long number = 0;
        for (int i = 0; i < cells.size(); i++) {
            if (withheld.get(i)) {
                sum += cells.get(i);
                number++;
            }
        }
        return number >= 2 && sum >= least + number - 1;
    }

    /**
     * Which of several numbers are withheld, each of which counts some of the patients of the one before: no two that are
     * told differ by too few.
     *
     * @param numbers the largest first
     * @param told one that is told in any case, and counts some of the patients of all of them
     */
    public List<Boolean> withheldSteps(List<Long> numbers, long told) {
        List<Long> all = new ArrayList<>();
        if (!hides(told)) {
            all.add(told);
        }
        List<Boolean> withheld = new ArrayList<>();
        for (long number : numbers) {
            boolean hidden = hides(number) || all.stream().anyMatch(other -> hides(other, number));
            withheld.add(hidden);
            if (!hidden) {
                all.add(number);
            }
        }
        return withheld;
    }
}
