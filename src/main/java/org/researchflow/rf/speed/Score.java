package org.researchflow.rf.speed;

/**
 * Transaction ids as the scores of a sorted set, which are doubles: above 2^53 several ids share a score. Order is kept,
 * so that what is at or above an id's score is never too little.
 */
final class Score {

    private static final double EXACT = 0x1p53;

    private Score() {}

    static double of(long transaction) {
        return transaction >= 0 ? transaction : ((transaction >>> 1) | (transaction & 1)) * 2.0;
    }

    /** As a bound in a command. */
    static String text(long transaction) {
        return Double.toString(of(transaction));
    }

    /** An id that is not older than any with this score. */
    static long latest(double score) {
        if (score < EXACT) {
            return (long) score;
        }
        double next = Math.nextUp(score);
        return next < 0x1p63 ? (long) next : (long) (next / 2) << 1;
    }

    /** Whether a score tells exactly which id it is of. */
    static boolean isExact(double score) {
        return score < EXACT;
    }
}
