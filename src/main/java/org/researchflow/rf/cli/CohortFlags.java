package org.researchflow.rf.cli;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Age;
import org.researchflow.rf.cohort.BirthDate;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortFile;
import org.researchflow.rf.cohort.Criterion;
import org.researchflow.rf.cohort.DateRange;
import org.researchflow.rf.cohort.Deceased;
import org.researchflow.rf.cohort.Event;
import org.researchflow.rf.cohort.EventType;
import org.researchflow.rf.cohort.Finding;
import org.researchflow.rf.cohort.Gender;
import org.researchflow.rf.cohort.Group;
import org.researchflow.rf.cohort.Occurrence;
import org.researchflow.rf.cohort.Statuses;
import org.researchflow.rf.cohort.Term;
import org.researchflow.rf.cohort.ValueParser;
import picocli.CommandLine.Option;

/** The criteria of a cohort as options. */
final class CohortFlags implements PlainOptions {

    @Option(
            names = "--gender",
            paramLabel = "GENDER",
            description = "Administrative gender: male, female, other or unknown; given again, another one counts too.")
    private List<String> genders = new ArrayList<>();

    @Option(
            names = "--age",
            paramLabel = "YEARS",
            description = "Completed years of age: 40..65, 40.., ..65, 40, '>=40' or '<65'; given again, another range"
                    + " counts too.")
    private List<String> ages = new ArrayList<>();

    @Option(
            names = "--at",
            paramLabel = "DATE",
            description = "With --age and --by age-band: the age on this day, such as 2020-12-31 (default: the cohort"
                    + " file's, or today).")
    private @Nullable String at;

    @Option(
            names = "--birthdate",
            paramLabel = "DATES",
            description =
                    "Date of birth: 1980, 1980-05..1989, ..1960-12-31, '>=1990'; given again, another range counts"
                            + " too.")
    private List<String> births = new ArrayList<>();

    @Option(names = "--deceased", description = "Has died.")
    private boolean deceased;

    @Option(names = "--alive", description = "Is not recorded as having died.")
    private boolean alive;

    @Option(
            names = {"--code", "--condition"},
            paramLabel = "[SYSTEM|]CODE",
            description = "A condition with this code; given again, another code counts too. The system is a URI or a"
                    + " short name: snomed, loinc, icd10, icd10cm, icd10gm, rxnorm, atc, ops and others. '<<CODE' means"
                    + " all codes below it too, '<CODE' only those (rf terminology load).")
    private List<String> codes = new ArrayList<>();

    @Option(
            names = "--codes-file",
            paramLabel = "FILE",
            description =
                    "A condition with one of the codes in this file counts too: one code a line, or a FHIR ValueSet"
                            + " with its expansion.")
    private List<String> codesFiles = new ArrayList<>();

    @Option(
            names = "--text",
            paramLabel = "WORDS",
            description = "A condition whose text or name has these words counts too. Brackets, filling words and"
                    + " qualifiers are left out: 'Diabetes mellitus (all types)' looks for diabetes.")
    private List<String> texts = new ArrayList<>();

    @Option(
            names = {"--and-code", "--and-condition"},
            paramLabel = "[SYSTEM|]CODE",
            description = "A further condition that there must be, too; given again, another code counts for it.")
    private List<String> andCodes = new ArrayList<>();

    @Option(names = "--and-text", paramLabel = "WORDS", description = "The further condition, in words.")
    private List<String> andTexts = new ArrayList<>();

    @Option(
            names = "--medication",
            paramLabel = "[SYSTEM|]CODE",
            description = "A request for this medication; given again, another code counts too.")
    private List<String> medications = new ArrayList<>();

    @Option(
            names = "--procedure",
            paramLabel = "[SYSTEM|]CODE",
            description = "A procedure with this code; given again, another code counts too.")
    private List<String> procedures = new ArrayList<>();

    @Option(
            names = "--encounter",
            paramLabel = "[SYSTEM|]CODE",
            description =
                    "An encounter of this class (IMP, AMB, EMER, …) or type; given again, another one counts too.")
    private List<String> encounters = new ArrayList<>();

    @Option(
            names = "--lab",
            paramLabel = "VALUE",
            description = "An observation, with a value if one is named: 4548-4, '4548-4>6.5 %%', '4548-4=5..7',"
                    + " 'loinc|5778-6=yellow'; comparators > >= < <= =. Given again, another one counts too.")
    private List<String> labs = new ArrayList<>();

    @Option(
            names = {"--not-code", "--not-condition"},
            paramLabel = "[SYSTEM|]CODE",
            description = "No condition with this code; given again, none with that one either.")
    private List<String> notCodes = new ArrayList<>();

    @Option(
            names = "--not-text",
            paramLabel = "WORDS",
            description = "No condition whose text or name has these words.")
    private List<String> notTexts = new ArrayList<>();

    @Option(names = "--not-medication", paramLabel = "[SYSTEM|]CODE", description = "No request for this medication.")
    private List<String> notMedications = new ArrayList<>();

    @Option(names = "--not-procedure", paramLabel = "[SYSTEM|]CODE", description = "No procedure with this code.")
    private List<String> notProcedures = new ArrayList<>();

    @Option(
            names = "--not-encounter",
            paramLabel = "[SYSTEM|]CODE",
            description = "No encounter of this class or type.")
    private List<String> notEncounters = new ArrayList<>();

    @Option(names = "--not-lab", paramLabel = "VALUE", description = "No such observation.")
    private List<String> notLabs = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "DATE",
            description = "Only what happened on this day or later counts, for all of the above and also for what must"
                    + " not be: conditions by onset or else recording, medications by request, procedures and encounters"
                    + " by their start, observations by when they were taken.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "DATE", description = "Only what happened on this day or earlier counts.")
    private @Nullable String until;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description =
                    "Only this clinical or verification status of a condition, or status of something else, counts;"
                            + " given again, another one counts too. Without it all do but entered-in-error.")
    private List<String> statuses = new ArrayList<>();

    @Option(
            names = "--min-occurrences",
            paramLabel = "N",
            description = "What there must be must be there at least so many times.")
    private int minOccurrences = 1;

    @Override
    public void fill(PlainLine line) {
        genders = line.values("--gender");
        ages = line.values("--age");
        at = line.value("--at");
        births = line.values("--birthdate");
        deceased = line.flag("--deceased");
        alive = line.flag("--alive");
        codes = line.values("--code", "--condition");
        codesFiles = line.values("--codes-file");
        texts = line.values("--text");
        andCodes = line.values("--and-code", "--and-condition");
        andTexts = line.values("--and-text");
        medications = line.values("--medication");
        procedures = line.values("--procedure");
        encounters = line.values("--encounter");
        labs = line.values("--lab");
        notCodes = line.values("--not-code", "--not-condition");
        notTexts = line.values("--not-text");
        notMedications = line.values("--not-medication");
        notProcedures = line.values("--not-procedure");
        notEncounters = line.values("--not-encounter");
        notLabs = line.values("--not-lab");
        since = line.value("--since");
        until = line.value("--until");
        statuses = line.values("--status");
    }

    /** Whether there is no criterion at all. */
    boolean isEmpty() {
        return !deceased
                && !alive
                && at == null
                && since == null
                && until == null
                && minOccurrences == 1
                && Stream.of(genders, ages, births, statuses).allMatch(List::isEmpty)
                && !hasEvents();
    }

    private boolean hasEvents() {
        return !Stream.of(
                        codes,
                        codesFiles,
                        texts,
                        andCodes,
                        andTexts,
                        medications,
                        procedures,
                        encounters,
                        labs,
                        notCodes,
                        notTexts,
                        notMedications,
                        notProcedures,
                        notEncounters,
                        notLabs)
                .allMatch(List::isEmpty);
    }

    /** Whether a day of ages is named. */
    boolean namesDay() {
        return at != null;
    }

    /** The day of which ages are: today, if no other is named. */
    LocalDate at(Supplier<LocalDate> today) {
        return at == null ? today.get() : lastDay("--at", at);
    }

    /** Requires that a day that is named is that of ages, or of something else that has use for one. */
    void requireDayUsed(boolean elsewhere) {
        if (at != null && ages.isEmpty() && !elsewhere) {
            throw Failure.usage("--at goes with --age or --by age-band")
                    .note("try", "--age 40..65 --at " + lastDay("--at", at));
        }
    }

    /** The same together with the cohort in a file, if there is one: who belongs to both. */
    Cohort cohort(Optional<String> file, Supplier<LocalDate> today) {
        if (file.isEmpty()) {
            return cohort(today);
        }
        Cohort read = CohortFile.read(file.get(), CodesFile.text(file.get()), today.get());
        return isEmpty() ? read : cohort(today).and(read);
    }

    /** The cohort of those who meet all of them, ages as of today if no other day is named. */
    Cohort cohort(Supplier<LocalDate> today) {
        check();
        List<Criterion> criteria = new ArrayList<>();
        if (!genders.isEmpty()) {
            criteria.add(Gender.parse(genders));
        }
        if (!ages.isEmpty()) {
            criteria.add(Age.parse(ages, at(today)));
        }
        if (!births.isEmpty()) {
            criteria.add(BirthDate.parse(births));
        }
        if (deceased || alive) {
            criteria.add(new Deceased(deceased));
        }
        List<Finding> conditions = new ArrayList<>(coded(codes));
        codesFiles.forEach(file -> conditions.addAll(CodesFile.read(file)));
        conditions.addAll(inWords(texts));
        add(criteria, EventType.CONDITION, conditions);
        add(criteria, EventType.CONDITION, both(coded(andCodes), inWords(andTexts)));
        add(criteria, EventType.MEDICATION, coded(medications));
        add(criteria, EventType.PROCEDURE, coded(procedures));
        add(criteria, EventType.ENCOUNTER, coded(encounters));
        add(criteria, EventType.OBSERVATION, measured(labs));
        exclude(criteria, EventType.CONDITION, both(coded(notCodes), inWords(notTexts)));
        exclude(criteria, EventType.MEDICATION, coded(notMedications));
        exclude(criteria, EventType.PROCEDURE, coded(notProcedures));
        exclude(criteria, EventType.ENCOUNTER, coded(notEncounters));
        exclude(criteria, EventType.OBSERVATION, measured(notLabs));
        Statuses.requireKnown(statuses, criteria);
        return Cohort.all(criteria);
    }

    private void check() {
        if (deceased && alive) {
            throw Failure.usage("--deceased and --alive exclude each other");
        }
        if (minOccurrences < 1) {
            throw Failure.usage("--min-occurrences is 1 or more, not " + minOccurrences);
        }
        boolean narrows = since != null || until != null || !statuses.isEmpty() || minOccurrences > 1;
        if (narrows && !hasEvents()) {
            throw Failure.usage("--since, --until, --status and --min-occurrences go with something that happened")
                    .note("try", "--code, --text, --medication, --procedure, --encounter or --lab");
        }
        if (since != null && until != null && firstDay("--since", since).isAfter(lastDay("--until", until))) {
            throw Failure.usage("--since is after --until").note("try", "--since " + until + " --until " + since);
        }
    }

    private static LocalDate firstDay(String option, String text) {
        return DateRange.ofOne(option, text).from().orElseThrow();
    }

    private static LocalDate lastDay(String option, String text) {
        return DateRange.ofOne(option, text).to().orElseThrow();
    }

    private void add(List<Criterion> criteria, EventType type, List<Finding> findings) {
        if (!findings.isEmpty()) {
            criteria.add(new Event(type, findings, occurrence(type, minOccurrences)));
        }
    }

    private void exclude(List<Criterion> criteria, EventType type, List<Finding> findings) {
        if (!findings.isEmpty()) {
            criteria.add(Group.none(new Event(type, findings, occurrence(type, 1))));
        }
    }

    private Occurrence occurrence(EventType type, int atLeast) {
        return new Occurrence(
                Optional.ofNullable(since).map(day -> firstDay("--since", day)),
                Optional.ofNullable(until).map(day -> lastDay("--until", day)),
                statuses.stream().filter(type::knows).toList(),
                atLeast);
    }

    private static List<Finding> coded(List<String> texts) {
        return findings(texts, text -> new Finding.OfCode(Code.parse(text)));
    }

    private static List<Finding> inWords(List<String> texts) {
        return findings(texts, text -> new Finding.OfText(Term.parse(text)));
    }

    private static List<Finding> measured(List<String> texts) {
        return findings(texts, ValueParser::parse);
    }

    private static List<Finding> findings(List<String> texts, Function<String, Finding> finding) {
        return texts.stream().map(finding).distinct().toList();
    }

    private static List<Finding> both(List<Finding> some, List<Finding> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
