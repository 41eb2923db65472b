package org.researchflow.rf.sandbox;

/** Whoever wants to know what takes so long: told of each longer step when it begins and when it is done. */
public interface Progress {

    /** Nobody is watching. */
    Progress SILENT = new Progress() {
        @Override
        public void begun(String step) {}

        @Override
        public void done() {}
    };

    /** A step has begun, such as {@code Starting PostgreSQL 18 on 127.0.0.1:54711}. */
    void begun(String step);

    /** The step that began last is done. */
    void done();
}
