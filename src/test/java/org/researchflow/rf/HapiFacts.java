package org.researchflow.rf;

import java.util.Collections;
import java.util.SortedMap;

/**
 * The known answers of a HAPI database. Only live resources of live patients count in the patient numbers; a patient
 * without gender counts under {@code none}.
 *
 * @param resources rows of hfj_resource, deleted ones included
 * @param versions rows of hfj_res_ver
 * @param largeObjects bodies kept in large objects
 * @param deleted deleted resources by type
 * @param live live resources by type
 * @param patients live patients by gender
 * @param patientsByCode live patients with a live Condition of the SNOMED code, by gender
 * @param conditionRows rows of a view with one row for each coding of a live Condition, or one where there is none
 */
public record HapiFacts(
        long resources,
        long versions,
        long largeObjects,
        SortedMap<String, Long> deleted,
        SortedMap<String, Long> live,
        SortedMap<String, Long> patients,
        SortedMap<String, SortedMap<String, Long>> patientsByCode,
        long conditionRows) {

    public HapiFacts {
        deleted = Collections.unmodifiableSortedMap(deleted);
        live = Collections.unmodifiableSortedMap(live);
        patients = Collections.unmodifiableSortedMap(patients);
        patientsByCode = Collections.unmodifiableSortedMap(patientsByCode);
    }

    /** Live patients of a gender with a live Condition of the SNOMED code. */
    public long patients(String gender, String code) {
        return patientsByCode.getOrDefault(code, Collections.emptySortedMap()).getOrDefault(gender, 0L);
    }
}
