package org.researchflow.rf.db;

/** One value of the configuration and where it came from, in words. */
record Setting(String value, String origin) {

    /** Leaves the value out: it may be a password. */
    @Override
    public String toString() {
        return "a value from " + origin;
    }
}
