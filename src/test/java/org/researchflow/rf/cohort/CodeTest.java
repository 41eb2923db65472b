package org.researchflow.rf.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Codes that people type. */
class CodeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "73211009",
                "44054006",
                "59621000",
                "15777000",
                "444814009",
                "314529007",
                "E11.9",
                "12345",
                "http://loinc.org|73211008"
            })
    void codeThatMayBeRightIsNotDoubted(String code) {
        assertThat(Code.parse(code).doubt()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"73211008, 73211009", "44054007, 44054006", "http://snomed.info/sct|59621001, 59621000"})
    void wrongCheckDigitOfSnomedIsNoticed(String code, String right) {
        assertThat(Code.parse(code).doubt()).contains("its SNOMED check digit is wrong; " + right + " would pass");
    }
}
