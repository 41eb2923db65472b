package org.researchflow.rf.cohort;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A SNOMED CT identifier, whose last digit checks the others by Verhoeff's scheme.
 *
 * @see <a href="https://docs.snomed.org/snomed-ct-specifications/snomed-ct-release-file-specification">check digit</a>
 */
final class SnomedId {

    private static final Pattern FORM = Pattern.compile("[1-9][0-9]{5,17}");

    /** How the digit at each place is permuted; the pattern repeats after eight places. */
    private static final String[] PERMUTATIONS = {
        "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"
    };

    private SnomedId() {}

    /** The identifier with the check digit that it should have, if it has the form of one and another digit. */
    static Optional<String> corrected(String code) {
        if (!FORM.matcher(code).matches() || check(code) == 0) {
            return Optional.empty();
        }
        String rest = code.substring(0, code.length() - 1);
        for (char digit = '0'; digit <= '9'; digit++) {
            if (check(rest + digit) == 0) {
                return Optional.of(rest + digit);
            }
        }
        return Optional.empty();
    }

    private static int check(String code) {
        int sum = 0;
        for (int place = 0; place < code.length(); place++) {
            int digit = code.charAt(code.length() - 1 - place) - '0';
            sum = product(sum, PERMUTATIONS[place % 8].charAt(digit) - '0');
        }
        return sum;
    }

    /** The product in the dihedral group of the pentagon: 0 to 4 turn it, 5 to 9 turn it over. */
    private static int product(int a, int b) {
        if (a < 5) {
            return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
        }
        return b < 5 ? 5 + (a - b + 5) % 5 : (a - b + 5) % 5;
    }
}
