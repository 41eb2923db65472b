package org.researchflow.rf.acceptance;

/** Whether something is so, as far as the data say. */
enum Truth {
    NO,
    OPEN,
    YES;

    static Truth of(boolean certain, boolean possible) {
        return certain ? YES : possible ? OPEN : NO;
    }

    Truth and(Truth other) {
        return compareTo(other) < 0 ? this : other;
    }

    Truth or(Truth other) {
        return compareTo(other) > 0 ? this : other;
    }

    Truth not() {
        return switch (this) {
            case NO -> YES;
            case OPEN -> OPEN;
            case YES -> NO;
        };
    }
}
