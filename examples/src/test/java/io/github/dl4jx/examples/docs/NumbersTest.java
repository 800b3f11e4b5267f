package io.github.dl4jx.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers in documents that people write, against the cells of the kept results that they come from. */
class NumbersTest {
    private static final Path ROOT = root();
    private static final String ACTIVATIONS = "activations/results.md";
    private static final String JDK_25 = "activations-jdk25/results.md";
    private static final String TRAINING = "training/results.md";
    private static final String FORWARD = "4,194,304 | forward";
    private static final String BACKWARD = "4,194,304 | backward";
    private static final String SPEED = "docs/speed.md";
    private static final String README = "README.md";

    /** What a sentence says, a group for each number, and the numbers that it has to be. */
    private record Claim(String document, String sentence, List<String> expected) {
        @Override
        public String toString() {
            return document + ": " + sentence;
        }
    }

    private static Claim claim(String document, String sentence, String... expected) {
        return new Claim(document, sentence, List.of(expected));
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("dl4j-activations"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no folder above holds the modules");
        }
        return folder;
    }

    static Stream<Claim> claims() {
        String small = "small";
        String resnet = "resnet-20";
        String channelsLast = "PyTorch channels-last";
        return Stream.of(
                claim(
                        README,
                        "PyTorch's kernels take (\\S+) times as long forwards and (\\S+) times backwards, and are ahead in"
                                + " (\\d+) of (\\d+); on \\[JDK 25]\\(\\S+\\) (\\S+) and (\\S+), ahead in (\\d+) ",
                        cell(ACTIVATIONS, FORWARD, "PyTorch/pack"),
                        cell(ACTIVATIONS, BACKWARD, "PyTorch/pack"),
                        String.valueOf(ratiosToPyTorch(ACTIVATIONS)
                                .filter(ratio -> ratio < 1)
                                .count()),
                        String.valueOf(ratiosToPyTorch(ACTIVATIONS).count()),
                        cell(JDK_25, FORWARD, "PyTorch/pack"),
                        cell(JDK_25, BACKWARD, "PyTorch/pack"),
                        String.valueOf(ratiosToPyTorch(JDK_25)
                                .filter(ratio -> ratio < 1)
                                .count())),
                claim(
                        README,
                        "take (\\S+) times as long as ours .* without the flag (\\S+) times forwards, (\\S+) backwards",
                        rounded(
                                1,
                                Math.sqrt(number(ACTIVATIONS, FORWARD, "DL4J/pack")
                                        * number(ACTIVATIONS, BACKWARD, "DL4J/pack"))),
                        rounded(1, number(ACTIVATIONS, FORWARD, "DL4J/pack without the flag")),
                        rounded(1, number(ACTIVATIONS, BACKWARD, "DL4J/pack without the flag"))),
                claim(
                        README,
                        "trains at (\\d+) images/s on 2 cores .* oneDNN: (\\d+) with ReLU, (\\d+) with Mish; PyTorch:"
                                + " (\\d+) and (\\d+), channels-last (\\d+) and (\\d+) ",
                        cell(TRAINING, "small relu", "DL4J"),
                        cell(TRAINING, "small relu", "pack"),
                        cell(TRAINING, "small mish", "pack"),
                        cell(TRAINING, "small relu", "PyTorch"),
                        cell(TRAINING, "small mish", "PyTorch"),
                        cell(TRAINING, "small relu", channelsLast),
                        cell(TRAINING, "small mish", channelsLast)),
                claim(
                        SPEED,
                        "network below trained at \\[(\\d+) images/s without them]\\(\\S+\\), at \\[(\\d+) with them]",
                        rounded(0, number("ConvolutionTraining.md", "relu | on", "median")),
                        cell("training-epyc/results.md", "relu", "pack")),
                claim(
                        SPEED,
                        "DL4J's own take \\S+ times .* at 4 Ki floats (\\S+) times forwards and (\\S+) times backwards",
                        rounded(1, number(ACTIVATIONS, "4,096 | forward", "DL4J/pack")),
                        rounded(1, number(ACTIVATIONS, "4,096 | backward", "DL4J/pack"))),
                claim(
                        SPEED,
                        "faster ones in (\\d+) of (\\d+) cases: - Softmax both ways, in (\\S+) and (\\S+) of our time",
                        String.valueOf(ratiosToPyTorch(ACTIVATIONS)
                                .filter(ratio -> ratio < 1)
                                .count()),
                        String.valueOf(ratiosToPyTorch(ACTIVATIONS).count()),
                        cell(ACTIVATIONS, "forward, 4,194,304 > softmax", "PyTorch/pack"),
                        cell(ACTIVATIONS, "backward, 4,194,304 > softmax", "PyTorch/pack")),
                claim(
                        SPEED,
                        "PyTorch is the faster one in (\\d+) of (\\d+): Softmax both ways \\(in (\\S+) and (\\S+) of our time",
                        String.valueOf(ratiosToPyTorch(JDK_25)
                                .filter(ratio -> ratio < 1)
                                .count()),
                        String.valueOf(ratiosToPyTorch(JDK_25).count()),
                        cell(JDK_25, "forward, 4,194,304 > softmax", "PyTorch/pack"),
                        cell(JDK_25, "backward, 4,194,304 > softmax", "PyTorch/pack")),
                claim(
                        SPEED,
                        "trains \\[(\\S+) times as fast]\\(\\S+\\) as DL4J's .* at (\\S+) of PyTorch's speed as it comes and"
                                + " (\\S+) of that of PyTorch channels-last with a fused updater; with Mish at (\\S+) and"
                                + " (\\S+)\\. ResNet-20 trains at (\\S+) and (\\S+)\\.",
                        rounded(1, number(TRAINING, "Geometric means > " + small, "pack/DL4J")),
                        cell(TRAINING, "Geometric means > " + small, "pack/PyTorch"),
                        cell(TRAINING, "Geometric means > " + small, "pack/" + channelsLast),
                        cell(TRAINING, "small mish", "pack/PyTorch"),
                        cell(TRAINING, "small mish", "pack/" + channelsLast),
                        cell(TRAINING, "Geometric means > " + resnet, "pack/PyTorch"),
                        cell(TRAINING, "Geometric means > " + resnet, "pack/" + channelsLast)),
                claim(
                        SPEED,
                        "peak memory is (\\S+) of that of PyTorch's for the small network and (\\S+) for ResNet-20",
                        cell(TRAINING, "Peak resident memory > " + small, "pack/PyTorch"),
                        cell(TRAINING, "Peak resident memory > " + resnet, "pack/PyTorch")));
    }

    @ParameterizedTest
    @MethodSource("claims")
    void numbersAreThoseOfTheResults(Claim claim) throws IOException {
        String text = Files.readString(ROOT.resolve(claim.document)).replaceAll("\\s+", " ");
        Matcher sentence = Pattern.compile(claim.sentence).matcher(text);
        assertThat(sentence.find()).as("the sentence is there").isTrue();
        assertThat(IntStream.rangeClosed(1, sentence.groupCount())
                        .mapToObj(sentence::group)
                        .toList())
                .isEqualTo(claim.expected);
    }

    private static String rounded(int digits, double value) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static double number(String file, String row, String column) {
        return Double.parseDouble(cell(file, row, column));
    }

    /** PyTorch's time by the pack's of each function, both ways, at the largest size. */
    private static DoubleStream ratiosToPyTorch(String file) {
        return Stream.of("forward, 4,194,304", "backward, 4,194,304").flatMapToDouble(section -> tables(file).stream()
                .filter(table -> table.heading.contains(section))
                .flatMap(table -> table.rows.stream().map(row -> row.get(table.head.indexOf("PyTorch/pack"))))
                .filter(cell -> !cell.isEmpty())
                .mapToDouble(Double::parseDouble));
    }

    /** A table, and the last line before it that is none. */
    private record TableOfPage(String heading, List<String> head, List<List<String>> rows) {}

    /**
     * A cell of a page in benchmarks/results, without its range.
     *
     * @param row how the row begins; where several tables have such a one, "heading > row"
     */
    private static String cell(String file, String row, String column) {
        int split = row.indexOf(" > ");
        String heading = split < 0 ? "" : row.substring(0, split);
        List<String> begin = List.of(row.substring(split < 0 ? 0 : split + 3).split(" \\| ", -1));
        List<String> found = tables(file).stream()
                .filter(table -> table.heading.contains(heading) && table.head.contains(column))
                .flatMap(table -> table.rows.stream()
                        .filter(cells -> cells.subList(0, begin.size()).equals(begin))
                        .map(cells -> cells.get(table.head.indexOf(column)).replaceFirst(" \\(.*", "")))
                .toList();
        assertThat(found).as("%s: %s, %s", file, row, column).hasSize(1);
        return found.get(0);
    }

    private static List<TableOfPage> tables(String file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(ROOT.resolve("benchmarks/results").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<TableOfPage> tables = new ArrayList<>();
        String heading = "";
        boolean inside = false;
        for (String line : lines) {
            if (!line.startsWith("|")) {
                heading = line.isBlank() ? heading : line;
                inside = false;
                continue;
            }
            List<String> cells = Arrays.stream(
                            line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                    .map(String::strip)
                    .toList();
            if (!inside) {
                tables.add(new TableOfPage(heading, cells, new ArrayList<>()));
            } else if (!cells.get(0).startsWith("---")) {
                tables.get(tables.size() - 1).rows.add(cells);
            }
            inside = true;
        }
        return tables;
    }
}
