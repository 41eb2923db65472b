package org.researchflow.rf.acceptance;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes up questions about patients out of what their records hold, each with its meaning by an evaluation of its own:
 * plain loops over the resources, without anything of rf.
 */
final class Asking {

    private static final LocalDate FIRST = LocalDate.parse("0001-01-01");
    private static final LocalDate LAST = LocalDate.parse("9999-12-31");
    private static final List<String> WORDS = List.of(
            "diabetes",
            "Sinusitis",
            "Diabetes mellitus (all types)",
            "acute bronchitis",
            "pain",
            "Fracture of wrist",
            "employment",
            "full-time employment",
            "nosuchword");

    private final Random random;
    private final List<PatientRecord> patients;

    Asking(Random random, List<PatientRecord> patients) {
        this.random = random;
        this.patients = patients;
    }

    /** What narrows the events that count. */
    record Narrowing(@Nullable String since, @Nullable String until, List<String> statuses, int atLeast) {

        static final Narrowing NONE = new Narrowing(null, null, List.of(), 1);

        Narrowing once() {
            return new Narrowing(since, until, statuses, 1);
        }

        List<String> flags() {
            List<String> flags = new ArrayList<>();
            if (since != null) {
                flags.addAll(List.of("--since", since));
            }
            if (until != null) {
                flags.addAll(List.of("--until", until));
            }
            statuses.forEach(status -> flags.addAll(List.of("--status", status)));
            if (atLeast > 1) {
                flags.addAll(List.of("--min-occurrences", String.valueOf(atLeast)));
            }
            return flags;
        }

        String json() {
            String text = since == null ? "" : ", \"since\": \"" + since + "\"";
            text += until == null ? "" : ", \"until\": \"" + until + "\"";
            text += statuses.isEmpty() ? "" : ", \"status\": " + array(statuses);
            return text + (atLeast > 1 ? ", \"minOccurrences\": " + atLeast : "");
        }

        Truth counts(Json event, String... days) {
            LocalDate from = since == null
                    ? FIRST
                    : java.util.Objects.requireNonNull(Days.of(since)).first();
            LocalDate to = until == null
                    ? LAST
                    : java.util.Objects.requireNonNull(Days.of(until)).last();
            if (since == null && until == null) {
                return Truth.YES;
            }
            @Nullable String day = null;
            for (String path : days) {
                day = day == null ? event.at(path).text() : day;
            }
            return Days.within(Days.of(day), from, to);
        }
    }

    static String array(List<String> texts) {
        return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(", ", "[", "]"));
    }

    private <T> T oneOf(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    Narrowing narrowing(List<String> statuses) {
        int year = 1950 + random.nextInt(75);
        String partial = oneOf(List.of("", "-06", "-06-15"));
        return new Narrowing(
                random.nextInt(3) == 0 ? year + partial : null,
                random.nextInt(4) == 0 ? (year + random.nextInt(30)) + partial : null,
                random.nextInt(3) == 0 ? List.of(oneOf(statuses)) : List.of(),
                random.nextInt(4) == 0 ? 2 : 1);
    }

    Asked gender() {
        List<String> genders = Stream.of("male", "female", "other", "unknown")
                .filter(_ -> random.nextInt(3) > 0)
                .toList();
        List<String> asked = genders.isEmpty() ? List.of("male") : genders;
        return new Asked(
                asked.stream().flatMap(gender -> Stream.of("--gender", gender)).toList(),
                "{\"gender\": " + array(asked) + "}",
                patient -> truth(asked.contains(
                        String.valueOf(patient.patient().at("gender").text()))));
    }

    private static Truth truth(boolean so) {
        return so ? Truth.YES : Truth.NO;
    }

    Asked age() {
        int from = random.nextInt(80);
        int to = from + random.nextInt(40);
        LocalDate at = LocalDate.of(2000 + random.nextInt(26), 1 + random.nextInt(12), 1 + random.nextInt(28));
        String range = oneOf(List.of(from + ".." + to, from + "..", ".." + to));
        int least = range.startsWith("..") ? 0 : from;
        int most = range.endsWith("..") ? 5000 : to;
        return new Asked(
                List.of("--age", range, "--at", at.toString()),
                "{\"age\": \"" + range + "\", \"at\": \"" + at + "\"}",
                patient -> {
                    Days born = Days.of(patient.patient().at("birthDate").text());
                    if (born == null) {
                        return Truth.OPEN;
                    }
                    List<Boolean> fits = born.first()
                            .datesUntil(born.last().plusDays(1))
                            .map(day -> {
                                int age = java.time.Period.between(day, at).getYears();
                                return !day.isAfter(at) && age >= least && age <= most;
                            })
                            .distinct()
                            .toList();
                    return fits.size() > 1 ? Truth.OPEN : truth(fits.getFirst());
                });
    }

    Asked birth() {
        int year = 1930 + random.nextInt(80);
        int last = year + random.nextInt(30);
        return new Asked(
                List.of("--birthdate", year + "-03.." + last),
                "{\"birthdate\": \"" + year + "-03.." + last + "\"}",
                patient -> Days.within(
                        Days.of(patient.patient().at("birthDate").text()),
                        LocalDate.of(year, 3, 1),
                        LocalDate.of(last, 12, 31)));
    }

    Asked death() {
        boolean died = random.nextBoolean();
        return new Asked(List.of(died ? "--deceased" : "--alive"), "{\"deceased\": " + died + "}", patient -> {
            boolean dead = patient.patient().at("deceasedDateTime").exists()
                    || "true".equals(patient.patient().at("deceasedBoolean").text());
            return truth(dead == died);
        });
    }

    /** Conditions by codes, words, or both. */
    Asked condition(String flag, Narrowing narrowing) {
        List<String> codes = random.nextInt(5) == 0 ? List.of() : codes("Condition", "code.coding");
        List<String> texts = codes.isEmpty() || random.nextInt(3) == 0 ? List.of(oneOf(WORDS)) : List.of();
        List<String> flags = new ArrayList<>();
        codes.forEach(code -> flags.addAll(List.of("--" + flag + "code", code)));
        texts.forEach(text -> flags.addAll(List.of("--" + flag + "text", text)));
        return new Asked(
                flags,
                "{" + (codes.isEmpty() ? "" : "\"condition\": " + array(codes) + (texts.isEmpty() ? "" : ", "))
                        + (texts.isEmpty() ? "" : "\"text\": " + array(texts)) + narrowing.json() + "}",
                happened("Condition", narrowing, (event, _) -> {
                    boolean right = carries(event, "code.coding", codes)
                            || texts.stream().anyMatch(text -> says(event, text));
                    String verification = String.valueOf(event.at("verificationStatus.coding")
                            .first()
                            .at("code")
                            .text());
                    String clinical = String.valueOf(
                            event.at("clinicalStatus.coding").first().at("code").text());
                    return truth(right && statusCounts(narrowing.statuses(), clinical, verification))
                            .and(narrowing.counts(event, "onsetDateTime", "recordedDate"));
                }));
    }

    private static boolean statusCounts(List<String> statuses, String clinical, String verification) {
        List<String> ofClinical = statuses.stream()
                .filter(List.of("active", "recurrence", "relapse", "inactive", "remission", "resolved")::contains)
                .toList();
        List<String> ofVerification =
                statuses.stream().filter(status -> !ofClinical.contains(status)).toList();
        return (ofClinical.isEmpty() || ofClinical.contains(clinical))
                && (ofVerification.isEmpty()
                        ? !verification.equals("entered-in-error")
                        : ofVerification.contains(verification));
    }

    /** Something that has codes and one status. */
    Asked coded(String flag, String word, String type, String codings, Narrowing narrowing, String... days) {
        List<String> codes = codes(type, codings);
        List<String> flags = codes.stream()
                .flatMap(code -> Stream.of("--" + flag + word, code))
                .toList();
        return new Asked(
                flags,
                "{\"" + word + "\": " + array(codes) + narrowing.json() + "}",
                happened(type, narrowing, (event, _) -> {
                    boolean right = carries(event, codings, codes)
                            || (type.equals("Encounter")
                                    && codes.contains(String.valueOf(
                                            event.at("class.code").text())));
                    return truth(right && hasStatus(event, narrowing.statuses()))
                            .and(narrowing.counts(event, days));
                }));
    }

    private static boolean hasStatus(Json event, List<String> statuses) {
        String status = String.valueOf(event.at("status").text());
        return statuses.isEmpty() ? !status.equals("entered-in-error") : statuses.contains(status);
    }

    /** An observation, with a number, a coded value or nothing asked of it. */
    Asked lab(String flag, Narrowing narrowing) {
        Json sample = oneOf(parts(oneOf(patients.stream()
                .flatMap(patient -> patient.events("Observation").stream())
                .toList())));
        String code = String.valueOf(sample.at("code.coding").first().at("code").text());
        @Nullable String number = sample.at("valueQuantity.value").text();
        @Nullable String unit = sample.at("valueQuantity.unit").text();
        @Nullable
        String coded =
                sample.at("valueCodeableConcept.coding").first().at("code").text();
        String text = code;
        Function<Json, Truth> value = _ -> Truth.YES;
        if (number != null && random.nextInt(4) > 0) {
            String operator = oneOf(List.of(">", ">=", "<", "<="));
            BigDecimal limit = new BigDecimal(number);
            boolean inUnit = unit != null && random.nextBoolean();
            text = code + operator + number + (inUnit ? " " + unit : "");
            value = part -> inUnit
                            && !unit.equals(part.at("valueQuantity.unit").text())
                            && !unit.equals(part.at("valueQuantity.code").text())
                    ? Truth.NO
                    : compares(part, operator, limit);
        } else if (coded != null && random.nextBoolean()) {
            text = code + "=" + coded;
            value = part -> truth(coded.equals(part.at("valueCodeableConcept.coding")
                            .first()
                            .at("code")
                            .text())
                    || coded.equals(part.at("valueQuantity.value").text()));
        }
        Function<Json, Truth> asked = value;
        return new Asked(
                List.of("--" + flag + "lab", text),
                "{\"lab\": \"" + text + "\"" + narrowing.json() + "}",
                happened(
                        "Observation",
                        narrowing,
                        (event, _) -> parts(event).stream()
                                .filter(part -> carries(part, "code.coding", List.of(code)))
                                .map(asked)
                                .reduce(Truth.NO, Truth::or)
                                .and(truth(hasStatus(event, narrowing.statuses())))
                                .and(narrowing.counts(event, "effectiveDateTime", "effectivePeriod.start"))));
    }

    /** What has a code and a value: the observation, and its components. */
    private static List<Json> parts(Json observation) {
        return Stream.concat(
                        Stream.of(observation),
                        observation.at("component").nodes().stream().map(node -> new Json(List.of(node))))
                .toList();
    }

    private static Truth compares(Json event, String operator, BigDecimal limit) {
        @Nullable String number = event.at("valueQuantity.value").text();
        if (number == null) {
            return Truth.NO;
        }
        int order = new BigDecimal(number).compareTo(limit);
        @Nullable String comparator = event.at("valueQuantity.comparator").text();
        boolean exact = switch (operator) {
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            case "<" -> order < 0;
            default -> order <= 0;
        };
        if (comparator == null) {
            return truth(exact);
        }
        boolean sameSide = comparator.charAt(0) == operator.charAt(0);
        boolean bothIncluded = comparator.length() == 2 && operator.length() == 2;
        if (sameSide) {
            boolean whole = comparator.length() == 2 ? exact : operator.charAt(0) == '>' ? order >= 0 : order <= 0;
            return whole ? Truth.YES : Truth.OPEN;
        }
        boolean some = bothIncluded ? exact : operator.charAt(0) == '>' ? order > 0 : order < 0;
        return some ? Truth.OPEN : Truth.NO;
    }

    private static Function<PatientRecord, Truth> happened(
            String type, Narrowing narrowing, BiFunction<Json, PatientRecord, Truth> meets) {
        return patient -> {
            long certain = 0;
            long possible = 0;
            for (Json event : patient.events(type)) {
                Truth truth = meets.apply(event, patient);
                certain += truth == Truth.YES ? 1 : 0;
                possible += truth == Truth.NO ? 0 : 1;
            }
            return Truth.of(certain >= narrowing.atLeast(), possible >= narrowing.atLeast());
        };
    }

    /** One to three codes, some with their system. */
    private List<String> codes(String type, String codings) {
        List<String> codes = new ArrayList<>();
        int number = 1 + random.nextInt(3);
        while (codes.size() < number) {
            List<Json> events = oneOf(patients).events(type);
            if (events.isEmpty()) {
                continue;
            }
            Json event = oneOf(events);
            if (type.equals("Encounter") && random.nextInt(3) == 0) {
                codes.add(String.valueOf(event.at("class.code").text()));
                continue;
            }
            Json coding = event.at(codings).first();
            if (coding.exists()) {
                String code = String.valueOf(coding.at("code").text());
                codes.add(random.nextInt(4) == 0 ? coding.at("system").text() + "|" + code : code);
            }
        }
        return codes;
    }

    private static boolean carries(Json event, String codings, List<String> codes) {
        return event.at(codings).nodes().stream()
                .map(node -> new Json(List.of(node)))
                .anyMatch(coding ->
                        codes.contains(String.valueOf(coding.at("code").text()))
                                || codes.contains(coding.at("system").text() + "|"
                                        + coding.at("code").text()));
    }

    private static boolean says(Json event, String asked) {
        List<String> core = words(asked.replaceAll("\\(.*\\)", "")).stream()
                .filter(word -> !List.of("mellitus", "acute", "of").contains(word))
                .toList();
        return Stream.concat(event.at("code.coding.display").nodes().stream(), event.at("code.text").nodes().stream())
                .anyMatch(text -> words(text.asText()).containsAll(core));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9_]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
