package org.researchflow.rf.sql.reference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Resources of the form that FHIR gives them, with few different values, so that many are equal. */
public final class RandomResource {

    private static final List<String> WORDS =
            List.of("a", "b", "A", "Ab", "official", "it's", "x y", "é\\", "12", "-3", "1.50", "true", "N");
    private static final List<String> DATES =
            List.of("2020", "2020-01", "2020-01-01", "2020-02-03", "1999", "1999-12-31");

    private static final List<String> DATE_TIMES = List.of(
            "2020",
            "2020-02",
            "2020-02-03",
            "2020-02-03T10:30Z",
            "2020-02-03T10:30:00+02:00",
            "2020-02-03T23:59:59.5-10:00",
            "2020-02-03T10:30:00",
            "2020-02-29T00:00:00.000+14:00");
    private static final List<String> DECIMALS = List.of("1.50", "0.0", "-2.5", "10", "3.000", "0.005");
    private static final List<String> REFERENCES = List.of(
            "Practitioner/a",
            "Practitioner/b/_history/2",
            "Organization/a",
            "#contained",
            "http://elsewhere.org/Practitioner/a",
            "Practitioner?identifier=x|y",
            "urn:uuid:4d9c4f0c-8b5e-4bd0-9b7f-6cb9a35c7f36");

    private final Random random;

    public RandomResource(Random random) {
        this.random = random;
    }

    public ObjectNode patient(int number) {
        ObjectNode patient = object("Patient", number);
        maybe(() -> patient.put("gender", word()));
        maybe(() -> patient.put("active", random.nextBoolean()));
        maybe(() -> patient.put("birthDate", date()));
        maybe(() -> patient.put("deceasedDateTime", pick(DATE_TIMES)));
        maybe(() -> references(patient.putArray("generalPractitioner")));
        maybe(() -> extensions(patient.putArray("extension")));
        maybe(() -> names(patient.putArray("name")));
        maybe(() -> telecoms(patient.putArray("telecom")));
        maybe(() -> contacts(patient.putArray("contact")));
        switch (random.nextInt(3)) {
            case 0 -> patient.put("multipleBirthBoolean", random.nextBoolean());
            case 1 -> patient.put("multipleBirthInteger", random.nextInt(4));
            default -> {}
        }
        return patient;
    }

    public ObjectNode questionnaireResponse(int number) {
        ObjectNode response = object("QuestionnaireResponse", number);
        response.put("status", word());
        maybe(() -> items(response.putArray("item"), 3));
        return response;
    }

    private static ObjectNode object(String type, int number) {
        return JsonNodeFactory.instance.objectNode().put("resourceType", type).put("id", "r" + number);
    }

    private void items(ArrayNode items, int depth) {
        for (int i = 0; i < some(); i++) {
            ObjectNode item = items.addObject().put("linkId", word());
            maybe(() -> item.put("text", word()));
            if (depth > 0) {
                maybe(() -> items(item.putArray("item"), depth - 1));
                maybe(() -> answers(item.putArray("answer"), depth - 1));
            }
        }
    }

    private void answers(ArrayNode answers, int depth) {
        for (int i = 0; i < some(); i++) {
            ObjectNode answer = answers.addObject();
            switch (random.nextInt(3)) {
                case 0 -> answer.put("valueString", word());
                case 1 -> answer.put("valueInteger", random.nextInt(4));
                default -> answer.put("valueBoolean", random.nextBoolean());
            }
            if (depth > 0) {
                maybe(() -> items(answer.putArray("item"), depth - 1));
            }
        }
    }

    private void references(ArrayNode references) {
        for (int i = 0; i < some(); i++) {
            references.addObject().put("reference", pick(REFERENCES));
        }
    }

    private void extensions(ArrayNode extensions) {
        for (int i = 0; i < some(); i++) {
            ObjectNode extension = extensions.addObject().put("url", random.nextBoolean() ? "u" : "w");
            switch (random.nextInt(3)) {
                case 0 -> extension.put("valueString", word());
                case 1 -> extension.set("valueDecimal", DecimalNode.valueOf(new BigDecimal(pick(DECIMALS))));
                default -> extension.put("valueDateTime", pick(DATE_TIMES));
            }
        }
    }

    private void names(ArrayNode names) {
        for (int i = 0; i < some(); i++) {
            name(names.addObject());
        }
    }

    private void name(ObjectNode name) {
        maybe(() -> name.put("use", word()));
        maybe(() -> name.put("family", word()));
        maybe(() -> {
            ArrayNode given = name.putArray("given");
            for (int i = 0; i < some(); i++) {
                given.add(word());
            }
        });
        name.put("text", word());
    }

    private void telecoms(ArrayNode telecoms) {
        for (int i = 0; i < some(); i++) {
            ObjectNode telecom = telecoms.addObject().put("system", word());
            maybe(() -> telecom.put("value", word()));
            maybe(() -> telecom.put("rank", random.nextInt(4)));
        }
    }

    private void contacts(ArrayNode contacts) {
        for (int i = 0; i < some(); i++) {
            ObjectNode contact = contacts.addObject().put("gender", word());
            maybe(() -> name(contact.putObject("name")));
            maybe(() -> telecoms(contact.putArray("telecom")));
        }
    }

    private int some() {
        return 1 + random.nextInt(3);
    }

    private void maybe(Runnable part) {
        if (random.nextInt(4) > 0) {
            part.run();
        }
    }

    private String word() {
        return pick(WORDS);
    }

    private String date() {
        return pick(DATES);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
