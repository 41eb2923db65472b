package org.researchflow.rf.fhirpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FhirPathParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = '=', quoteCharacter = '"', textBlock = """
            a.b.c                      = ((a).b).c
            a[0].b                     = (a[0]).b
            a or b and c               = (a or (b and c))
            a or b xor c               = ((a or b) xor c)
            a implies b implies c      = ((a implies b) implies c)
            a + b * c                  = (a + (b * c))
            a - b - c                  = ((a - b) - c)
            -a.b                       = -((a).b)
            -a + b                     = (-(a) + b)
            a | b in c                 = ((a | b) in c)
            a < b | c                  = (a < (b | c))
            a is Quantity and b        = ((a is Quantity) and b)
            a as FHIR.string           = (a as FHIR.string)
            a.where(b > 1).c           = ((a).where((b > 1))).c
            f(a, b)                    = f(a, b)
            %x & %`y z`                = (%x & %y z)
            $this.a                    = ($this).a
            {}                         = {}
            4 days                     = 4 'days'
            1.50 'mg'                  = 1.50 'mg'
            a // comment               = a
            a /* comment */ . b        = (a).b
            `div` div b                = (div div b)
            """)
    void operatorsBindAsTheGrammarSays(String text, String expected) {
        assertThat(Printed.of(FhirPathParser.parse(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', quoteCharacter = '"', textBlock = """
            a.            = 2  = expected an element or a function here
            a +           = 3  = expected an expression here
            (a            = 2  = expected ')' here
            a b           = 2  = expected an operator or the end here
            'a            = 0  = this ' is never closed
            'a\\q'        = 2  = unknown escape; a backslash itself is written \\\\
            @20           = 0  = expected a date, dateTime or time after @
            a.$this       = 2  = $this cannot follow a dot
            a ? b         = 2  = unexpected character '?'
            a[0           = 3  = expected ']' here
            $that         = 0  = expected $this, $index or $total
            """)
    void errorSaysWhatWasExpectedAndWhere(String text, int position, String problem) {
        assertThatThrownBy(() -> FhirPathParser.parse(text))
                .isInstanceOfSatisfying(FhirPathSyntaxException.class, e -> {
                    assertThat(e.problem()).startsWith(problem);
                    assertThat(e.position()).isEqualTo(position);
                });
    }

    @Test
    void emptyTextIsNoExpression() {
        assertThatThrownBy(() -> FhirPathParser.parse(" // nothing")).hasMessageContaining("found nothing");
    }

    @Test
    void nestingThatWouldExhaustTheStackIsRefused() {
        assertThatThrownBy(() -> FhirPathParser.parse("(".repeat(5000) + "a" + ")".repeat(5000)))
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> FhirPathParser.parse("a" + " and a".repeat(5000)))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> FhirPathParser.parse("a" + ".a".repeat(5000))).hasMessageContaining("too long");
    }

    @Test
    void listOfAThousandCodesIsNotTooLong() {
        assertThat(FhirPathParser.parse("a in ('0'" + " | '0'".repeat(1000) + ")"))
                .isNotNull();
    }

    @Property(tries = 200)
    void stringIsReadBackAsWritten(@ForAll String text) {
        String written = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
        assertThat(FhirPathParser.parse(written))
                .isInstanceOfSatisfying(
                        Expression.Literal.class,
                        literal -> assertThat(literal.text()).isEqualTo(text));
    }

    @Property(tries = 500)
    void whatIsPrintedIsParsedToTheSame(@ForAll("expressions") String text) {
        String printed = Printed.of(FhirPathParser.parse(text));
        assertThat(Printed.of(FhirPathParser.parse(printed))).isEqualTo(printed);
    }

    @Provide
    Arbitrary<String> expressions() {
        Arbitrary<String> leaf = Arbitraries.of("a", "1", "'s'", "$this", "%c", "{}", "@2020-01", "true", "2.5 'kg'");
        Arbitrary<String> operator = Arbitraries.of(
                " and ", " or ", " = ", " ~ ", " < ", " | ", " + ", " & ", " * ", " div ", " in ", " implies ");
        return Arbitraries.recursive(
                () -> leaf,
                inner -> Arbitraries.oneOf(
                        net.jqwik.api.Combinators.combine(inner, operator, inner)
                                .as((a, o, b) -> a + o + b),
                        inner.map(a -> "(" + a + ")"),
                        inner.map(a -> "(" + a + ").where(x)"),
                        inner.map(a -> "-" + a),
                        inner.map(a -> "b[" + a + "]")),
                0,
                4);
    }
}
