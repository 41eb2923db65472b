package org.researchflow.rf.fhir;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that somebody who typed an unknown one most likely meant. */
public final class Suggestion {

    private final String name;
    private final int distance;

    private Suggestion(String name, int distance) {
        this.name = name;
        this.distance = distance;
    }

    /**
     * The nearest known name: the same but for upper and lower case, or at most one slip of the finger for each three
     * letters (a letter more, less, other, or two swapped), or else one that what was typed begins. Nothing when none is
     * near: a far-fetched suggestion is worse than none.
     */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        return known.stream()
                .map(name -> new Suggestion(name, distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(suggestion -> suggestion.isNear(wanted))
                .min(Comparator.comparingInt((Suggestion suggestion) -> suggestion.distance)
                        .thenComparing(suggestion -> suggestion.name))
                .map(suggestion -> suggestion.name);
    }

    private boolean isNear(String wanted) {
        return distance <= slips(Math.max(wanted.length(), name.length()))
                || (wanted.length() >= 3 && name.toLowerCase(Locale.ROOT).startsWith(wanted));
    }

    /** How many slips a word of this length may hold. */
    private static int slips(int length) {
        return length == 5 ? 2 : length / 3;
    }

    /** Damerau and Levenshtein's distance, with swaps of neighbours only (optimal string alignment). */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                cost[i][j] =
                        Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
