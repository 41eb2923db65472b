package org.researchflow.rf.speed;

/** The speed layer cannot prove that it holds every change; its message says why, for people, without any key. */
public final class NotCoveredException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotCoveredException(String why) {
        super(why);
    }
}
