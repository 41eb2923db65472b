package org.researchflow.rf.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.researchflow.rf.fhir.ElementTable;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.view.Pack;

/** The views that come with rf. */
class PackTest {

    @ParameterizedTest
    @EnumSource
    void everyColumnIsDescribed(Pack pack) {
        assertThat(pack.all()).isNotEmpty();
        assertThat(pack.views()).allSatisfy(view -> {
            ViewPlan plan = ViewCompiler.compile(view, ElementTable.of(FhirVersion.R4));
            assertThat(plan.columns()).extracting(Column::description).allMatch(d -> d.isPresent());
        });
    }
}
