package org.researchflow.rf.bench;

import java.sql.SQLException;
import java.util.Locale;

/** The scenarios there are. */
public enum ScenarioName {
    /** Questions, each by every runner, and the bare statement beside. */
    QUERY(false) {
        @Override
        public Scenario open(Bed bed) throws SQLException {
            return QueryScenario.open(bed);
        }
    },
    /** One question by many clients at once. */
    CONCURRENCY(false) {
        @Override
        public Scenario open(Bed bed) throws SQLException {
            return ConcurrencyScenario.open(bed);
        }
    },
    /** What Redis takes, and what merging changes out of it adds. */
    SPEED(true) {
        @Override
        public Scenario open(Bed bed) throws SQLException {
            return Writing.open(bed, SpeedScenario::open);
        }
    },
    /** Full and incremental refreshes of all views. */
    REFRESH(true) {
        @Override
        public Scenario open(Bed bed) throws SQLException {
            return Writing.open(bed, RefreshScenario::open);
        }
    },
    /** From a change's commit to the answer that has it. */
    FRESHNESS(true) {
        @Override
        public Scenario open(Bed bed) throws SQLException {
            return Writing.open(bed, FreshnessScenario::open);
        }
    },
    /** Whole processes. */
    STARTUP(false) {
        @Override
        public Scenario open(Bed bed) {
            return StartupScenario.open(bed);
        }
    },
    /** A question to rf, and to a FHIR server's REST API. */
    REST(false) {
        @Override
        public Scenario open(Bed bed) throws SQLException {
            return RestScenario.open(bed);
        }
    };

    private final boolean writing;

    ScenarioName(boolean writing) {
        this.writing = writing;
    }

    /** Whether it changes resources in the source. */
    public boolean isWriting() {
        return writing;
    }

    /**
     * Makes it ready.
     *
     * @throws org.researchflow.rf.Failure if it can't run here, or if answers that must be the same differ
     */
    public abstract Scenario open(Bed bed) throws SQLException;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
