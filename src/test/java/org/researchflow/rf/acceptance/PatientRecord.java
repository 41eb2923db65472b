package org.researchflow.rf.acceptance;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.TestDatabase;

/**
 * A live patient and all live resources about them, as HAPI 8.8.0 stored them.
 *
 * @param id the key
 * @param patient the Patient
 * @param events the other resources by type
 */
record PatientRecord(String id, Json patient, Map<String, List<Json>> events) {

    List<Json> events(String type) {
        return events.getOrDefault(type, List.of());
    }

    static List<PatientRecord> all(TestDatabase database) throws SQLException {
        Map<String, PatientRecord> patients = new HashMap<>();
        List<Json> events = new ArrayList<>();
        for (List<@Nullable String> row : Hapi.rows(database, """
                select r.res_type, r.fhir_id, v.res_text_vc
                  from hfj_resource r join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                 where r.res_deleted_at is null
                   and r.res_type in ('Patient', 'Condition', 'MedicationRequest', 'Procedure', 'Encounter', 'Observation')
                """)) {
            Json body = Json.parse(String.valueOf(row.get(2)));
            String id = String.valueOf(row.get(1));
            if (String.valueOf(row.getFirst()).equals("Patient")) {
                patients.put(id, new PatientRecord(id, body, new HashMap<>()));
            } else {
                events.add(body);
            }
        }
        for (Json event : events) {
            String reference = String.valueOf(event.at("subject.reference").text());
            if (reference.startsWith("Patient/") && patients.containsKey(reference.substring(8))) {
                patients.get(reference.substring(8))
                        .events()
                        .computeIfAbsent(String.valueOf(event.at("resourceType").text()), _ -> new ArrayList<>())
                        .add(event);
            }
        }
        return List.copyOf(patients.values());
    }
}
