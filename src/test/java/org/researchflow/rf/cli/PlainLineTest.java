package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** What is read without picocli is what picocli reads. */
class PlainLineTest {

    private static final CommandTree TREE = new CommandTree(Commands.ALL);

    /** Options that have a form of their own, and are left to picocli. */
    private static final Set<String> LEFT = Set.of("--help", "--version", "--limit", "--min-occurrences", "--columns");

    private static Optional<CommandTree.Chosen> plain(List<String> words) {
        return PlainLine.read(Commands.ALL, words.toArray(String[]::new));
    }

    private static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toList();
    }

    private static void assertReadAsByPicocli(List<String> words, CommandTree.Chosen read) {
        List<CommandLine> commands = TREE.parse(words.toArray(String[]::new));
        assertThat(read.options())
                .as("%s", words)
                .usingRecursiveComparison()
                .isEqualTo(commands.getFirst().<Object>getCommand());
        assertThat(read.command())
                .as("%s", words)
                .usingRecursiveComparison()
                .isEqualTo(commands.getLast().<Object>getCommand());
        assertThat(read.command()).hasSameClassAs(commands.getLast().<Object>getCommand());
    }

    static Stream<List<String>> commands() {
        return Stream.of(List.of("views", "list"), List.of("query"));
    }

    private static List<OptionSpec> options(List<String> command) {
        return TREE.parse(command.toArray(String[]::new))
                .getLast()
                .getCommandSpec()
                .options();
    }

    private static String value(OptionSpec option) {
        return option.type().isEnum() ? option.type().getEnumConstants()[1].toString() : "some text";
    }

    private static String[] typed(OptionSpec option, String name) {
        return option.arity().max() == 0 ? new String[] {name} : new String[] {name, value(option)};
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionMeansWhatItMeansToPicocli(List<String> command) {
        for (OptionSpec option : options(command)) {
            for (String name : option.names()) {
                List<String> words = with(command, typed(option, name));
                Optional<CommandTree.Chosen> read = plain(words);
                assertThat(read.isPresent()).as(name).isNotEqualTo(LEFT.contains(option.longestName()));
                read.ifPresent(chosen -> assertReadAsByPicocli(words, chosen));
            }
        }
    }

    /** Options before, behind and between, twice, with the values of others, with names for values, and misspelled. */
    @ParameterizedTest
    @MethodSource("commands")
    void anyLineIsReadAsByPicocliOrNotAtAll(List<String> command) {
        List<OptionSpec> options = options(command);
        Random random = new Random(20_261_121);
        Map<Boolean, Integer> read = new LinkedHashMap<>();
        for (int i = 0; i < 3_000; i++) {
            List<String> words = new ArrayList<>(command);
            for (int more = random.nextInt(4); more > 0; more--) {
                OptionSpec option = options.get(random.nextInt(options.size()));
                String name = option.names()[random.nextInt(option.names().length)];
                int where = random.nextInt(words.size() + 1);
                switch (random.nextInt(8)) {
                    case 0 -> words.add(where, name);
                    case 1 -> words.add(where, name + "=" + value(option));
                    case 2 ->
                        words.add(
                                where,
                                List.of("list", "query", "-", "--", "", "x", "-qv")
                                        .get(random.nextInt(7)));
                    case 3 -> words.add(name + value(option));
                    case 4 ->
                        words.addAll(
                                where,
                                List.of(
                                        name,
                                        List.of("list", "status", "run", "query", "create")
                                                .get(random.nextInt(5))));
                    default -> words.addAll(random.nextBoolean() ? words.size() : where, List.of(typed(option, name)));
                }
            }
            Optional<CommandTree.Chosen> chosen = plain(words);
            read.merge(chosen.isPresent(), 1, Integer::sum);
            chosen.ifPresent(plain -> assertReadAsByPicocli(words, plain));
        }
        assertThat(read.getOrDefault(true, 0)).isGreaterThan(300);
        assertThat(read.getOrDefault(false, 0)).isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "views list",
                "-q views --db-url=postgresql://rf@db/hapi list -o json",
                "query --gender male --code 44054006",
                "query --condition 1 --code 2 --text diabetes --age 40..65 --runner HYBRID --require-complete",
                "query --view condition_simple --where code=44054006 -o csv"
            })
    void dailyLinesNeedNoPicocli(String line) {
        List<String> words = List.of(line.split(" "));
        assertReadAsByPicocli(words, plain(words).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "views",
                "views lst",
                "views list extra",
                "views status",
                "query run diabetic-men",
                "--gender male query",
                "query --gender",
                "query --gender --ids",
                "query --by gender --by age-band",
                "query --ids --ids",
                "query --runner fast",
                "query --text=",
                "query --text run",
                "query -ojson",
                "query --help"
            })
    void whatIsUnusualOrWrongIsLeftToPicocli(String line) {
        assertThat(plain(List.of(line.split(" ")))).isEmpty();
    }

    @Test
    void optionsOfALineThatIsWrongAreStillRejectedByPicocli() {
        CommandLineFixture.Ended ended = CommandLineFixture.rf().run("query", "--gendr", "male");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--gendr", "did you mean");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> TREE.parse("query", "--gendr", "male")))
                .isInstanceOf(ParameterException.class);
    }
}
