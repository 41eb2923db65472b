package org.researchflow.rf;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each package uses only those before it, and only the last touches the terminal and the environment. */
class ArchitectureTest {

    private static final String ROOT = "org.researchflow.rf.";

    private static final List<String> ORDER = List.of(
            "fhir",
            "fhirpath",
            "view",
            "plan",
            "sql",
            "cohort",
            "config",
            "db",
            "conformance",
            "source",
            "load",
            "rest",
            "batch",
            "terminology",
            "speed",
            "serving",
            "sandbox",
            "bench",
            "doctor",
            "cli");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.researchflow.rf");

    @Test
    void packagesUseOnlyThoseBeforeThem() {
        for (int i = 0; i < ORDER.size(); i++) {
            String[] later = ORDER.subList(i + 1, ORDER.size()).stream()
                    .map(name -> ROOT + name + "..")
                    .toArray(String[]::new);
            if (later.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(ROOT + ORDER.get(i) + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(later)
                        .allowEmptyShould(true)
                        .check(CLASSES);
            }
        }
    }

    @Test
    void whatCompilesViewsTouchesNothingOutside() {
        String[] pure = ORDER.subList(0, ORDER.indexOf("cohort") + 1).stream()
                .map(name -> ROOT + name + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAnyPackage(pure)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "java.nio.file..", "java.net..", "io.lettuce..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, Instant.class)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLinePrintsExitsAndReadsTheEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** The launcher starts some commands with {@code rf.jar} alone: what needs other jars is known, and not loaded there. */
    @Test
    void onlyFewClassesNeedTheJarsBesideRfs() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "bench..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "db.Pool")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "sandbox.Archive")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "cli.Terminal")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "org.researchflow.rf..",
                        "java..",
                        "javax..",
                        "jdk..",
                        "com.sun.net.httpserver..",
                        "org.jspecify..",
                        "picocli..",
                        "com.fasterxml.jackson..",
                        "org.snakeyaml..",
                        "org.tomlj..",
                        "org.postgresql..",
                        "io.lettuce..",
                        "io.netty..",
                        "")
                .check(CLASSES);
    }
}
