package org.researchflow.rf.cli;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What somebody may have meant who typed a name that does not exist. */
public final class Spelling {

    private Spelling() {}

    /** The names closest to the word: at most three that are equally close, none that is not close. */
    public static List<String> closest(String word, Collection<String> names) {
        String typed = word.toLowerCase(Locale.ROOT);
        int allowed = (word.length() + 1) / 3;
        Map<Integer, List<String>> byEdits = new TreeMap<>(names.stream()
                .distinct()
                .sorted()
                .collect(Collectors.groupingBy(name -> edits(typed, name.toLowerCase(Locale.ROOT)))));
        return byEdits.entrySet().stream()
                .filter(near -> near.getKey() <= allowed)
                .findFirst()
                .map(near -> near.getValue().stream().limit(3).toList())
                .orElse(List.of());
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
    private static int edits(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
