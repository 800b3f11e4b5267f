package io.github.dl4jx.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.examples.Dl4jx;
import io.github.dl4jx.examples.SampleData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The demonstrations as a user meets them: those that take seconds in full, the others on the built-in sample. */
@ExtendWith(SampleData.class)
class DemoCommandTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    private int demo(String... arguments) {
        return Dl4jx.commandLine(new DemoCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    /**
     * All but those that train on CIFAR-10, and gradient-clipping, which takes a minute: `./dl4jx demo gradient-clipping` is
     * its test. decision-regions takes most of one: see {@link #claimsOfALongOneHold}.
     */
    static Stream<String> quick() {
        return Demonstrations.names().stream()
                .filter(name -> !List.of("six-times", "batch-norm-order", "gradient-clipping", "decision-regions")
                        .contains(name));
    }

    @Test
    void withoutANameAllAreListed() {
        assertThat(demo()).isZero();
        Demonstrations.all().forEach(one -> assertThat(out.toString())
                .contains("  " + one.name() + " ")
                .contains(one.title()));
    }

    @ParameterizedTest
    @MethodSource("quick")
    void claimsHold(String name) throws IOException {
        assertThat(demo(name, "--out", folder.toString())).as(out + "\n" + err).isZero();
        assertThat(out.toString()).contains("| HOLDS |").doesNotContain("FAILS").contains("All our claims hold.");
        Path results = folder.resolve(name);
        assertThat(results.resolve("results.md"))
                .content()
                .contains("Command: `./dl4jx demo " + name + "`")
                .contains("- measured on ")
                .contains("; seed 1\n")
                .contains("](picture.png)");
        assertThat(Table.read(results.resolve("checks.csv")).rows()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(Table.read(results.resolve("summary.csv")).rows()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(ImageIO.read(results.resolve("picture.png").toFile()).getWidth())
                .isGreaterThanOrEqualTo(900);
    }

    @Tag("thorough")
    @Test
    void claimsOfALongOneHold() throws IOException {
        claimsHold("decision-regions");
    }

    @Test
    void oneSeedGivesOneResult() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        assertThat(demo("symmetry", "--out", first.toString(), "--seed", "2")).isZero();
        assertThat(demo("symmetry", "--out", second.toString(), "--seed", "2")).isZero();
        assertThat(second.resolve("symmetry").resolve("curves.csv"))
                .hasSameTextualContentAs(first.resolve("symmetry").resolve("curves.csv"));
        assertThat(second.resolve("symmetry").resolve("results.md"))
                .content()
                .contains("./dl4jx demo symmetry --seed 2`");
    }

    /** In 10 steps on the sample nobody gets anywhere: the program says so, and ends with exit code 1. */
    @Test
    void claimThatFailsEndsWithStatusOne() throws IOException {
        String[] command = {"six-times", "--steps", "10", "--out", folder.toString()};
        assertThat(demo(command)).as(err.toString()).isEqualTo(1);
        assertThat(out.toString())
                .contains("| FAILS |")
                .contains("others' claim: does not hold here")
                .contains("Claims fail in: six-times")
                .contains("mean nothing");
        Path results = folder.resolve("six-times");
        assertThat(Table.read(results.resolve("summary.csv")).rows()).hasSize(3).allSatisfy(row -> assertThat(row)
                .contains("not within 10"));
        assertThat(runs("six-times")).hasSize(9);
    }

    @Test
    void batchNormOrderOnTheSample() throws IOException {
        assertThat(demo("batch-norm-order", "--steps", "3", "--out", folder.toString()))
                .as(err.toString())
                .isIn(0, 1);
        assertThat(Table.read(folder.resolve("batch-norm-order/summary.csv")).rows())
                .hasSize(6)
                .allSatisfy(row -> assertThat(row.get(2)).matches("\\d+\\.\\d ± \\d+\\.\\d"));
        assertThat(runs("batch-norm-order")).hasSize(18);
        assertThat(ImageIO.read(folder.resolve("batch-norm-order/picture.png").toFile()))
                .isNotNull();
    }

    @Test
    void interruptedTrainingsGoOn() throws IOException {
        String[] command = {"six-times", "--steps", "3", "--out", folder.toString()};
        demo(command);
        List<Path> runs = runs("six-times");
        Path lost = runs.get(3);
        String lostContent = Files.readString(lost);
        Files.delete(lost);
        for (Path run : runs("six-times")) {
            Files.setLastModifiedTime(run, LONG_AGO);
        }
        Files.writeString(lost.resolveSibling(lost.getFileName() + ".1.tmp"), "half a f");
        demo(command);
        assertThat(lost).content().isEqualTo(lostContent);
        assertThat(runs("six-times")).hasSize(9);
        for (Path run : runs("six-times")) {
            assertThat(Files.getLastModifiedTime(run).equals(LONG_AGO)).isEqualTo(!run.equals(lost));
        }
        assertThat(err.toString()).contains(": finished before, training error");
    }

    @Test
    void runOfAnotherSettingIsRefused() {
        demo("six-times", "--steps", "3", "--out", folder.toString());
        assertThat(demo("six-times", "--steps", "4", "--out", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("is not the run of: ").contains("delete it, or name another --out");
    }

    private List<Path> runs(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name).resolve("runs"))) {
            return files.filter(file -> file.toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "symetry | unknown demonstration 'symetry'; valid: symmetry, gradient-signs, dying-relu,",
                "all symetry | unknown demonstration 'symetry'; valid: symmetry,",
                "symmetry --steps 0 | --steps is 0; valid: a whole number > 0",
                "symmetry --seed one | Invalid value for option '--seed': 'one' is not a long",
                "symmetry --sed 2 | Unknown option: '--sed'; valid: --seed, --steps, --data, --out",
                "symmetry --out /dev/null/x | --out /dev/null/x/symmetry cannot be used",
                "six-times --data /no/such/folder | --data /no/such/folder is not a folder",
            })
    void badArgumentsGetOneLineAndStatusTwo(String arguments, String message) {
        assertThat(demo(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines().filter(line -> line.startsWith("demo:")))
                .singleElement()
                .asString()
                .contains(message);
    }
}
