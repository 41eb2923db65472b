package org.researchflow.rf.acceptance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.TestDatabase;

/**
 * A live patient and all live resources about them, out of what is stored, without anything of rf. A request for a
 * medication that it refers to has the codes of that one.
 *
 * @param id the key
 * @param patient the Patient
 * @param events the other resources by type
 */
record PatientRecord(String id, Json patient, Map<String, List<Json>> events) {

    List<Json> events(String type) {
        return events.getOrDefault(type, List.of());
    }

    private static final String TYPES =
            "('Patient', 'Condition', 'MedicationRequest', 'Medication', 'Procedure', 'Encounter', 'Observation')";

    static List<PatientRecord> all(TestDatabase database) throws SQLException {
        return of(Hapi.rows(database, """
                select r.res_type, r.fhir_id, v.res_text_vc, null
                  from hfj_resource r join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                 where r.res_deleted_at is null and r.res_type in %s
                """.formatted(TYPES)));
    }

    /** As HAPI 6.2.2 stored them: keys in a table of their own, bodies compressed in large objects. */
    static List<PatientRecord> allBefore7(TestDatabase database) throws SQLException {
        return of(Hapi.rows(database, """
                select r.res_type, coalesce(f.forced_id, r.res_id::text), v.res_text_vc,
                       encode(lo_get(v.res_text), 'base64')
                  from hfj_resource r join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                  left join hfj_forced_id f on f.resource_pid = r.res_id
                 where r.res_deleted_at is null and r.res_type in %s
                """.formatted(TYPES)));
    }

    /** As rf load stored them. */
    static List<PatientRecord> allLoaded(TestDatabase database) throws SQLException {
        return of(Hapi.rows(
                database,
                "select type, key, resource::text, null from rf.resource where not deleted and type in " + TYPES));
    }

    private static Json body(List<@Nullable String> row) {
        if (row.get(2) != null) {
            return Json.parse(String.valueOf(row.get(2)));
        }
        byte[] compressed = Base64.getMimeDecoder().decode(String.valueOf(row.get(3)));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<PatientRecord> of(List<List<@Nullable String>> rows) {
        Map<String, PatientRecord> patients = new HashMap<>();
        Map<String, Json> medications = new HashMap<>();
        List<Json> events = new ArrayList<>();
        for (List<@Nullable String> row : rows) {
            Json body = body(row);
            String id = String.valueOf(row.get(1));
            if (String.valueOf(row.getFirst()).equals("Patient")) {
                patients.put(id, new PatientRecord(id, body, new HashMap<>()));
            } else if (String.valueOf(row.getFirst()).equals("Medication")) {
                medications.put("Medication/" + id, body);
            } else {
                events.add(body);
            }
        }
        for (Json event : events) {
            @Nullable
            Json medication = medications.get(
                    String.valueOf(event.at("medicationReference.reference").text()));
            if (medication != null) {
                event.put("medicationCodeableConcept", medication.at("code"));
            }
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
