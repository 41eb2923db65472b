package org.researchflow.rf.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

    private static final List<String> KNOWN = List.of(
            "gender",
            "birthDate",
            "name",
            "id",
            "condition_simple",
            "condition_status",
            "patient_demographics",
            "patient_simple",
            "--runner");

    @ParameterizedTest
    @CsvSource({
        "gendr, gender",
        "genderr, gender",
        "gneder, gender",
        "GENDER, gender",
        "brithdate, birthDate",
        "nmae, name",
        "conditon_simple, condition_simple",
        "patient_simpel, patient_simple",
        "patient_demo, patient_demographics",
        "--runer, --runner"
    })
    void aSlipOfTheFingerIsMended(String typed, String meant) {
        assertThat(Suggestion.nearest(typed, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"telecom", "xy", "ic", "in", "''", "observation_labs"})
    void nothingIsSuggestedWhenNothingIsNear(String typed) {
        assertThat(Suggestion.nearest(typed, KNOWN)).isEmpty();
    }

    @Test
    void theSameButForCaseGoesFirst() {
        assertThat(Suggestion.nearest("CODES", List.of("code", "codes", "nodes")))
                .contains("codes");
    }

    @Test
    void equallyNearNamesAreTakenInOrder() {
        assertThat(Suggestion.nearest("bat", List.of("hat", "cat"))).contains("cat");
    }

    @Test
    void nothingKnownGivesNothing() {
        assertThat(Suggestion.nearest("gender", List.of())).isEmpty();
    }
}
