package org.researchflow.rf.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.view.ViewReader;

class ViewCompilerTest {

    private static ViewPlan compiled(String view) {
        return ViewCompiler.compile(ViewReader.read("v.json", view, "v"));
    }

    private static String error(String view) {
        Failure failure = catchThrowableOfType(Failure.class, () -> compiled(view));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
        return failure.what();
    }

    private static Column column(String resource, String path, String more) {
        return compiled("""
                        {"resource": "%s", "select": [{"column": [{"name": "x", "path": "%s"%s}]}]}""".formatted(resource, path, more)).columns().getFirst();
    }

    @Test
    void allErrorsOfAFileAreFoundInOneRun() {
        assertThat(error("""
                                {
                                  "resource": "Patient",
                                  "where": [{"path": "gendr = 'male'"}, {"path": "name.family"}],
                                  "select": [
                                    {"column": [{"name": "a", "path": "name.where(use = 'x'"}]},
                                    {"forEach": "contct", "column": [{"name": "a", "path": "id"}]},
                                    {"column": [{"name": "b", "path": "birthDate", "type": "Coding"}]},
                                    {"column": [{"name": "c", "path": "id", "tag": [{"name": "ansi/type", "value": "DAET"}]}]}
                                  ]
                                }"""))
                .contains("no element \"gendr\" in Patient at v.json:3:23      did you mean:  gender ?")
                .contains("a boolean is needed, this is of type string at v.json:3:51")
                .contains("invalid FHIRPath at v.json:5:60")
                .contains("        5 |     {\"column\": [{\"name\": \"a\", \"path\": \"name.where(use = 'x'\"}]},\n"
                        + " ".repeat(71) + "^ expected ')' here\n")
                .contains("no element \"contct\" in Patient at v.json:6:18      did you mean:  contact ?")
                .contains("column \"a\" twice at v.json:6:47")
                .contains("column \"b\" is declared Coding at v.json:7:40")
                .contains("no SQL type \"DAET\" at v.json:8:84");
    }

    @Test
    void caretPointsBehindJsonEscapes() {
        assertThat(error("""
                                {"resource": "Patient", "select": [{"column": [{"name": "a", "path": "name.where(use = \\"x\\").famly"}]}]}""")).contains("v.json:1:95");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', quoteCharacter = '"', textBlock = """
            Patient     = id                        = id           = character varying
            Patient     = active                    = boolean      = boolean
            Patient     = birthDate                 = date         = character varying
            Patient     = name                      = HumanName    = jsonb
            Patient     = name.given                = string       = character varying
            Patient     = telecom.rank              = positiveInt  = integer
            Patient     = meta.lastUpdated          = instant      = timestamp with time zone
            Patient     = photo.data                = base64Binary = bytea
            Patient     = name.count()              = integer      = integer
            Patient     = name.exists()             = boolean      = boolean
            Patient     = getResourceKey()          = string       = character varying
            Patient     = multipleBirth.ofType(integer) = integer  = integer
            Observation = value.ofType(Quantity)    = Quantity     = jsonb
            Observation = value.ofType(Quantity).value = decimal   = character varying
            Observation = value.ofType(CodeableConcept).coding.code = code = character varying
            Patient     = name.family.first() | gender = string    = character varying
            """)
    void typesAreInferred(String resource, String path, String fhirType, String sqlType) {
        Column column = column(resource, path, "");
        assertThat(column.fhirType()).isEqualTo(fhirType);
        assertThat(column.sqlType()).isEqualTo(sqlType);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', quoteCharacter = '"', textBlock = """
            DATE                        = date
            varchar(20)                 = character varying(20)
            DECIMAL(10, 2)              = numeric(10,2)
            TIMESTAMP WITH TIME ZONE    = timestamp with time zone
            TIMESTAMP(3) WITH TIME ZONE = timestamp(3) with time zone
            TIMESTAMP                   = timestamp without time zone
            BIGINT                      = bigint
            DOUBLE PRECISION            = double precision
            """)
    void ansiTypesAreHonoured(String tag, String sqlType) {
        String more = ", \"tag\": [{\"name\": \"ansi/type\", \"value\": \"" + tag + "\"}]";
        assertThat(column("Patient", "id", more).sqlType()).isEqualTo(sqlType);
    }

    @Test
    void collectionIsAnArrayAndTheDescriptionIsKept() {
        Column column = column("Patient", "name.given", ", \"collection\": true, \"description\": \"its names\"");
        assertThat(column.sqlType()).isEqualTo("character varying[]");
        assertThat(column.description()).contains("its names");
    }

    @Test
    void branchesOfAUnionHaveTheSameTypes() {
        String union = """
                {"resource": "Patient", "select": [{"unionAll": [
                  {"column": [{"name": "x", "path": "%s"}]},
                  {"column": [{"name": "x", "path": "active"}]}]}]}""";
        assertThat(error(union.formatted("id")))
                .contains("column \"x\" has different types in the branches of unionAll")
                .contains("expected character varying as in the first branch, found boolean");
        assertThat(compiled(union.formatted("{}")).columns().getFirst().sqlType())
                .isEqualTo("boolean");
    }

    @Test
    void versionOfTheViewChoosesTheElements() {
        String view = """
                {"resource": "Encounter", "fhirVersion": %s, "select": [{"column": [{"name": "x", "path": "%s"}]}]}""";
        assertThat(compiled(view.formatted("[\"4.0.1\"]", "period.start")).columns())
                .hasSize(1);
        assertThat(compiled(view.formatted("[\"5.0.0\"]", "actualPeriod.start")).columns())
                .hasSize(1);
        assertThat(compiled(view.formatted("[\"4.3.0\"]", "period.start")).columns())
                .hasSize(1);
        assertThat(error(view.formatted("[\"5.0.0\"]", "period.start"))).contains("no element \"period\" in Encounter");
        assertThat(error(view.formatted("[\"3.0.2\"]", "period.start")))
                .contains("no known version of FHIR in [3.0.2] at v.json:1:27");
    }

    @Test
    void viewThatNamesSeveralVersionsIsCompiledForTheFirstOfThem() {
        assertThat(ViewCompiler.version(ViewReader.read("v.json", """
                        {"resource": "Patient", "fhirVersion": ["5.0.0", "4.0.1", "9.9"], "select": [{"column": [
                          {"name": "x", "path": "id"}]}]}""", "v"))).isEqualTo(FhirVersion.R4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', quoteCharacter = '"', textBlock = """
            now()        = a stored row may not depend on the clock
            today()      = a stored row may not depend on the clock
            managingOrganization.resolve() = a row depends on one resource alone
            """)
    void whatAStoredRowMayNotDependOnIsRefusedWithTheReason(String path, String reason) {
        assertThat(error("{\"resource\": \"Patient\", \"select\": [{\"column\": [{\"name\": \"x\", \"path\": \"" + path
                        + "\"}]}]}"))
                .contains("is not supported in a view")
                .contains(reason);
    }

    @Test
    void documentsOfBothVersionsOfTheSpecificationAreRead() {
        for (String type : List.of("ViewDefinition", "https://sql-on-fhir.org/ig/StructureDefinition/ViewDefinition")) {
            assertThat(compiled("""
                                    {"resourceType": "%s", "resource": "Patient", "identifier": [{"value": "x"}],
                                     "select": [{"column": [{"name": "x", "path": "id"}]}]}""".formatted(type)).columns()).hasSize(1);
        }
    }

    @Test
    void longChainsAreCompiledWithoutExhaustingTheStack() {
        String codes = "'0'" + " | '0'".repeat(3000);
        assertThat(column("Patient", "gender in (" + codes + ")", "").sqlType()).isEqualTo("boolean");
        assertThat(column("Patient", "active" + " or active".repeat(450), "").sqlType())
                .isEqualTo("boolean");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', quoteCharacter = '"', textBlock = """
            valueInteger     = 1.5
            valueInteger     = 2147483648
            valueInteger     = '1'
            valuePositiveInt = 0
            valuePositiveInt = '1) or (true'
            valueInteger64   = '1) or (true'
            valueDecimal     = '1.0'
            valueBoolean     = 'true'
            valueDate        = '2020-13'
            valueDate        = '2020-01-01T00:00:00Z'
            valueDateTime    = 'nonsense'
            valueDateTime    = '2020T\\' || version() || \\''
            valueInstant     = '2020'
            valueTime        = '25:00'
            valueString      = 'a\\u0000b'
            """)
    void constantThatIsNoValueOfItsTypeIsRefused(String member, String value) {
        String json = value.replace("\\'", "?").replace('\'', '"').replace('?', '\'');
        assertThat(error("""
                                {"resource": "Patient", "constant": [{"name": "c", "%s": %s}],
                                 "select": [{"column": [{"name": "x", "path": "%%c"}]}]}""".formatted(member, json))).contains("constant \"c\" is no ");
    }
}
