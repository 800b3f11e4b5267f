package io.github.dl4jx.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jx.activations.Activations;
import io.github.dl4jx.activations.layer.ActivationLayers;
import io.github.dl4jx.init.Initializers;
import io.github.dl4jx.init.data.DataInitializers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line as a user meets it, on the built-in sample. */
@ExtendWith(SampleData.class)
class Dl4jxTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    private int dl4jx(String... arguments) {
        CommandLine commandLine =
                Dl4jx.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    private String study() {
        return folder.resolve("study").toString();
    }

    @Test
    void listShowsBothCatalogues() {
        assertThat(dl4jx("list")).isZero();
        assertThat(out.toString().lines().map(String::strip).toList())
                .anyMatch(line -> line.startsWith("swish") && line.endsWith("x*s, s = sigmoid(beta*x)"))
                .contains("parameters beta=1.0 (> 0)")
                .contains("also       silu")
                .contains("derivative s*(1 + beta*x*(1 - s))")
                .contains("range      [-0.278465/beta, inf)");
        Stream.of(Activations.names(), ActivationLayers.names(), Initializers.names(), DataInitializers.names())
                .flatMap(List::stream)
                .forEach(name -> assertThat(out.toString()).containsPattern("(?m)^  " + name + " "));
        Activations.entries().forEach(entry -> assertThat(out.toString()).contains(entry.source()));
    }

    @Test
    void plotDrawsEachActivationAndAll() throws IOException {
        Path plots = folder.resolve("plots");
        String list = "SiLU,swish(beta=1.50),swish,abrelu";
        assertThat(dl4jx("plot", "--activations", list, "--from", "-1", "--to", "20", "--out", plots.toString()))
                .as(err.toString())
                .isZero();
        String[] names = {"swish.png", "swish~beta=1.5~.png", "abrelu.png", "gallery.png"};
        assertThat(plots.toFile().list()).containsExactlyInAnyOrder(names);
        for (String name : names) {
            assertThat(ImageIO.read(plots.resolve(name).toFile()).getHeight()).isGreaterThanOrEqualTo(400);
            assertThat(out.toString()).contains(name);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1e300, 1e300", "1, 1.0000000000000002", "0, 4.9e-324", "1e299, 1e300"})
    void plotTakesOddAxes(String from, String to) {
        String out = folder.resolve("plots").toString();
        assertThat(dl4jx("plot", "--activations", "relu,step,mish", "--from", from, "--to", to, "--out", out))
                .as(err.toString())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plot", "docs"})
    void picturesNeedAFolder(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(dl4jx(command, "--out", file.resolve("sub").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--out " + file.resolve("sub") + " cannot be used");
    }

    @Test
    void docsWritesThePageWithItsPictures() {
        assertThat(dl4jx("docs", "--out", folder.toString())).isZero();
        assertThat(folder.resolve("activations.md")).content().contains("](activations/swish.png)");
        assertThat(folder.resolve("activations/swish.png")).isNotEmptyFile();
        assertThat(folder.resolve("initialisers.md")).content().contains("](initialisers/heat-map.png)");
        assertThat(folder.resolve("initialisers/curves.png")).isNotEmptyFile();
        assertThat(folder.resolve("demonstrations.md")).content().contains("demo/symmetry/picture.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cifar10 --activations tanhh | --activations: unknown activation 'tanhh'; valid: abrelu, arelu, celu,",
                "cifar10 --activations swish(beta=-1) | --activations: beta is -1.0; valid: a finite number > 0",
                "cifar10 --inits hee | uniform, xavier, krahenbuhl, lsuv, recommended, or all",
                "cifar10 --inits lsuv(tolerance=0) | --inits: tolerance is 0.0; valid: a finite number > 0",
                "signal network --inits lsuv | --inits: unknown initialiser 'lsuv'",
                "cifar10 --epoch 3 | Unknown options: '--epoch', '3'; valid: --activations, --inits, --seeds, --epochs,",
                "cifar10 --seeds 1,x | --seeds: 'x' is not a whole number; valid: whole numbers, separated by commas",
                "cifar10 --epochs 0 | --epochs is 0; valid: a whole number > 0",
                "cifar10 --epochs two | Invalid value for option '--epochs': 'two' is not an int",
                "cifar10 --batch -1 | --batch is -1; valid: a whole number > 0",
                "cifar10 --train-size 181 | --train-size is 181; valid: 1 to 180",
                "cifar10 --lr 0 | --lr is 0.0; valid: a finite number > 0",
                "cifar10 --preprocessing odd | --preprocessing: unknown preprocessing 'odd'; valid: channel-mean,",
                "cifar10 --network wide | --network: unknown network 'wide'; valid: standard, deep",
                "cifar10 --target-loss 0 | --target-loss is 0.0; valid: a number > 0",
                "cifar10 --data /no/such/folder | --data /no/such/folder is not a folder",
                "data --train-size 0 | trainSize is 0; valid: 1 to 180",
                "plot --activations relu,swoosh | --activations: unknown activation 'swoosh'; valid: abrelu, celu,",
                "plot --activations swish(beta=0) | --activations: beta is 0.0; valid: a finite number > 0",
                "plot --from 2 --to 2 | --from is 2.0; valid: below --to, which is 2.0",
                "plot --to Infinity | --to is Infinity; valid: a number from -1.0E300 to 1.0E300",
                "plot --from NaN | --from is NaN; valid: a number from",
                "plot --from left | Invalid value for option '--from': 'left' is not a double",
                "signal --draws 19 | dl4jx signal: --draws is 19; valid: 20 to 100000",
                "signal --draw 20 | Unknown options: '--draw', '20'; valid: --draws, --seed, --out, --help",
                "signal tables | Unmatched argument at index 1: 'tables'; valid: network, heat-map, advice",
                "train | valid: cifar10, signal, doctor, demo, data, list, plot, docs",
                "'' | Missing required subcommand; valid: cifar10, signal, doctor, demo, data, list, plot, docs",
            })
    void badArgumentsGetOneLineAndStatusTwo(String arguments, String message) {
        int status = dl4jx(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1));
        assertThat(status).isEqualTo(2);
        assertThat(err.toString().lines().filter(line -> line.startsWith("dl4jx")))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(err.toString()).doesNotContain("\tat ");
    }

    @Test
    void studyEndsWithTableAndFiles() throws IOException {
        int status = dl4jx(
                "cifar10",
                "--activations",
                "relu,SiLU,leakyrelu(slope=0.1)",
                "--inits",
                "recommended,xavier(distribution=normal, gain=1.5)",
                "--epochs",
                "2",
                "--seeds",
                "1,2",
                "--out",
                study());
        assertThat(status).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern(
                        "\\| activation +\\| initialiser +\\| test accuracy % +\\| test loss +\\| NaN seen +\\|"
                                + " images/s +\\| seconds +\\|")
                .containsPattern("\\| swish +\\| he +\\| \\d+\\.\\d\\d ± \\d")
                .containsPattern("\\| leakyrelu\\(slope=0.1\\) +\\| he\\(slope=0.1\\) +\\|")
                .containsPattern("\\| relu +\\| xavier\\(distribution=normal, gain=1.5\\) +\\|")
                .contains("mean nothing");
        assertThat(err.toString()).contains("MEAN NOTHING").contains("oneDNN o");
        Path results = Path.of(study());
        assertThat(Files.readAllLines(results.resolve("results.csv"))).hasSize(1 + 12);
        assertThat(Files.readAllLines(results.resolve("curves.csv"))).hasSize(1 + 12 * 2 * 3); // 3 batches an epoch
        assertThat(results.resolve("curves.png")).isNotEmptyFile();
        assertThat(results.resolve("results.md"))
                .content()
                .contains("Command: `./dl4jx cifar10 --activations relu,SiLU,")
                .contains("- measured on ")
                .contains("| swish ");
        assertThat(runs()).hasSize(12);
    }

    @Test
    void stepsToALoss() throws IOException {
        List<String> command = List.of("cifar10", "--activations", "relu", "--network", "deep", "--out", study());
        for (String target : List.of("100", "1e-6")) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of("--target-loss", target));
            assertThat(dl4jx(all.toArray(new String[0]))).as(err.toString()).isZero();
        }
        assertThat(out.toString())
                .containsPattern("\\| training loss +\\| steps to 100.0 +\\|")
                .containsPattern("\\| relu .*\\| \\d\\.\\d+ +\\| 1 +\\|") // 3 batches an epoch, each measured
                .containsPattern("\\| training loss +\\| steps to 1.0E-6 \\|")
                .containsPattern("\\| relu .*\\| never +\\|");
        assertThat(Path.of(study(), "study.properties")).content().contains("13 conv3x3(32)");
    }

    @Test
    void interruptedStudyGoesOnAndFinishedRunsStay() throws IOException {
        String[] command = {"cifar10", "--activations", "relu,mish,selu", "--epochs", "1", "--out", study()};
        assertThat(dl4jx(command)).isZero();
        Map<String, String> first = runs();
        Path lost = Path.of(study(), "runs", "mish_he_seed-1.csv");
        Files.delete(lost);
        Files.writeString(Path.of(study(), "runs", "mish_he_seed-1.csv.123.tmp"), "half a f");
        Path kept = Path.of(study(), "runs", "relu_he_seed-1.csv");
        Files.setLastModifiedTime(kept, LONG_AGO);

        assertThat(dl4jx(command)).isZero();
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(LONG_AGO);
        assertThat(err.toString()).contains("[1/3] relu, he, seed 1: finished before");
        assertThat(accuracies(runs())).isEqualTo(accuracies(first));
    }

    @Test
    void initialisersFromDataAreRunsLikeOthers() throws IOException {
        String[] command = {
            "cifar10",
            "--activations",
            "relu,crelu",
            "--inits",
            "lsuv(tolerance=0.01),mishkin-matas,krahenbuhl(start=pca)",
            "--epochs",
            "1",
            "--out",
            study()
        };
        assertThat(dl4jx(command)).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("\\| relu +\\| lsuv\\(tolerance=0.01\\) +\\|")
                .containsPattern("\\| crelu +\\| lsuv +\\|")
                .containsPattern("\\| relu +\\| krahenbuhl\\(start=pca\\) +\\|");
        Map<String, String> first = runs();
        assertThat(first).hasSize(6);
        Files.delete(Path.of(study(), "runs", "crelu_lsuv_seed-1.csv"));
        Path kept = Path.of(study(), "runs", "relu_lsuv_seed-1.csv");
        Files.setLastModifiedTime(kept, LONG_AGO);

        assertThat(dl4jx(command)).isZero();
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(LONG_AGO);
        assertThat(accuracies(runs())).isEqualTo(accuracies(first));
    }

    @Test
    void tooFewImagesForAnInitialiserAreOneLine() {
        assertThat(dl4jx(
                        "cifar10",
                        "--activations",
                        "relu",
                        "--inits",
                        "krahenbuhl(start=kmeans)",
                        "--train-size",
                        "60",
                        "--out",
                        study()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "--inits: relu, krahenbuhl(start=kmeans), seed 1: layer 6 (DenseLayer), parameter W: the batch"
                                + " gives 60 patches of its input")
                .doesNotContain("\tat ");
    }

    @Test
    void anotherConfigurationInTheSameFolderIsRefused() throws IOException {
        assertThat(dl4jx("cifar10", "--quick", "--activations", "relu", "--out", study()))
                .isZero();
        Map<String, String> before = runs();
        for (String change : List.of(
                "--epochs 2",
                "--lr 0.01",
                "--batch 30",
                "--train-size 100",
                "--preprocessing none",
                "--seeds 2",
                "--activations mish",
                "--inits xavier",
                "--network deep")) {
            String[] option = change.split(" ", -1);
            List<String> arguments = option[0].equals("--activations")
                    ? List.of("cifar10", "--quick", "--out", study(), option[0], option[1])
                    : List.of("cifar10", "--quick", "--activations", "relu", "--out", study(), option[0], option[1]);
            assertThat(dl4jx(arguments.toArray(new String[0]))).as(change).isEqualTo(2);
            assertThat(err.toString())
                    .contains("--out " + study() + " holds a study with " + option[0].substring(2) + " = ");
            assertThat(runs()).as(change).isEqualTo(before);
        }
    }

    /** A study begun with one seed goes on with two, and does not repeat the first. */
    @Test
    void seedsAreAdded() throws IOException {
        String[] command = {"cifar10", "--quick", "--activations", "relu", "--out", study(), "--seeds", "1"};
        assertThat(dl4jx(command)).isZero();
        Map<String, String> first = runs();
        command[command.length - 1] = "1,2";
        assertThat(dl4jx(command)).as(err.toString()).isZero();
        assertThat(runs()).hasSize(2).containsAllEntriesOf(first);
        assertThat(err.toString()).contains("relu, he, seed 1: finished before").contains("relu, he, seed 2: test");
        assertThat(Path.of(study(), "study.properties")).content().contains("seeds=1, 2");
        command[command.length - 1] = "1";
        assertThat(dl4jx(command))
                .as("its page would be about a part of its runs")
                .isEqualTo(2);
        assertThat(err.toString()).contains("holds a study with seeds = 1, 2, not 1");
    }

    /** Java formats numbers by the user's locale unless it is told another, and some have digits of their own. */
    @Test
    void digitsAreTheSameInEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(String.format("%d", 1)).as("the locale has other digits").isNotEqualTo("1");
            assertThat(dl4jx("cifar10", "--quick", "--activations", "relu", "--out", study()))
                    .isZero();
        } finally {
            Locale.setDefault(before);
        }
        String text = out.toString() + err + Files.readString(Path.of(study(), "results.md"));
        assertThat(text.chars().filter(Character::isDigit)).isNotEmpty().allMatch(c -> c <= '9');
    }

    /** The same activations and the same initialisers, but other pairs of them. */
    @Test
    void otherPairsAreAnotherConfiguration() {
        assertThat(dl4jx("cifar10", "--quick", "--activations", "relu,selu", "--out", study()))
                .isZero();
        assertThat(dl4jx("cifar10", "--quick", "--activations", "relu,selu", "--inits", "he,lecun", "--out", study()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("holds a study with runs = ");
    }

    @Test
    void folderInUseIsRefused() throws IOException {
        Files.createDirectories(Path.of(study()));
        try (FileChannel channel = FileChannel.open(
                        Path.of(study(), ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(dl4jx("cifar10", "--quick", "--out", study())).isEqualTo(2);
        }
        assertThat(err.toString()).contains("another dl4jx is working in this folder");
    }

    @Test
    void damagedRunIsNamed() throws IOException {
        String[] command = {"cifar10", "--activations", "relu", "--epochs", "1", "--out", study()};
        assertThat(dl4jx(command)).isZero();
        Path run = Path.of(study(), "runs", "relu_he_seed-1.csv");
        Files.writeString(run, Files.readString(run).substring(0, 250));
        assertThat(dl4jx(command)).isEqualTo(2);
        assertThat(err.toString())
                .contains(run + " is not the result of relu, he, seed 1; delete it to repeat that run");
    }

    @Test
    void folderThatCannotBeUsed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(dl4jx(
                        "cifar10",
                        "--activations",
                        "relu",
                        "--out",
                        file.resolve("study").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--out " + file.resolve("study") + " cannot be used");
    }

    @Test
    void divergenceIsReportedAndTheOthersGoOn() {
        assertThat(dl4jx(
                        "cifar10",
                        "--activations",
                        "relu,swish",
                        "--inits",
                        "constant(value=1e30),he",
                        "--epochs",
                        "1",
                        "--out",
                        study()))
                .isZero();
        assertThat(out.toString())
                .containsPattern("\\| relu +\\| constant\\(value=1.0E30\\) +\\| .* \\| yes +\\|")
                .containsPattern("\\| swish +\\| he +\\| .* \\| no +\\|");
    }

    /** The real thing: the virtual machine is killed in the middle of a study, without a chance to tidy up. */
    @Tag("thorough")
    @Test
    void killedStudyGoesOn() throws Exception {
        String seeds = String.join(
                ",",
                Stream.iterate(1, s -> s + 1).limit(12).map(String::valueOf).toList());
        String[] command = {"cifar10", "--activations", "relu", "--epochs", "8", "--seeds", seeds, "--out", study()};
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        "-Ddl4jx.offline=true",
                                        "-Ddl4jx.cache=" + System.getProperty("dl4jx.cache"),
                                        Dl4jx.class.getName()),
                                Stream.of(command))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (runs().size() < 2 && process.isAlive() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        process.destroyForcibly().waitFor();
        Map<String, String> finished = runs();
        assertThat(finished).as(Files.readString(folder.resolve("log"))).hasSizeBetween(2, 11);

        assertThat(dl4jx(command)).as(err.toString()).isZero();
        assertThat(runs()).hasSize(12).containsAllEntriesOf(finished);
        assertThat(err.toString().lines().filter(line -> line.contains("finished before")))
                .hasSize(finished.size());
    }

    /** The finished runs, by file name. */
    private Map<String, String> runs() throws IOException {
        Map<String, String> runs = new TreeMap<>();
        Path directory = Path.of(study(), "runs");
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".csv")).toList()) {
                    runs.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return runs;
    }

    /** Without the columns that hold times. */
    private static Map<String, List<String>> accuracies(Map<String, String> runs) {
        Map<String, List<String>> accuracies = new TreeMap<>();
        runs.forEach((name, text) -> accuracies.put(
                name,
                text.lines()
                        .map(line ->
                                String.join(",", List.of(line.split(",", -1)).subList(6, line.split(",", -1).length)))
                        .toList()));
        return accuracies;
    }
}
