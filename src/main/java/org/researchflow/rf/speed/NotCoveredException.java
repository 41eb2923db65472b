package org.researchflow.rf.speed;

/** The speed layer cannot prove that it holds every change; its message says why, for people, without any key. */
public final class NotCoveredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean unreachable;

    public NotCoveredException(String why) {
        this(why, false);
    }

    private NotCoveredException(String why, boolean unreachable) {
        super(why);
        this.unreachable = unreachable;
    }

    /** Redis did not answer, or not in time. */
    static NotCoveredException unreachable(String why) {
        return new NotCoveredException(why, true);
    }

    /** Whether Redis did not answer: the next question will not fare better. */
    public boolean isUnreachable() {
        return unreachable;
    }
}
